import { flushCompileCache } from "node:module";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { handlerOf } from "./handlers.ts";
import { leaveNote } from "./note.ts";
import { resourceService } from "./service.ts";

const engine = process.ppid;
const [note = "", address = ""] = process.argv.slice(2);

/** Pulumi reads the port from the first line: pulumi/pulumi, sdk/go/common/resource/plugin, `newPlugin`. */
const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(providerGrpc.ResourceProviderService, resourceService(handlerOf));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  leaveNote(note, `${port} ${address} ${process.pid}`);
  process.stdout.write(`${port}\n`);
  // The engine ends its plugins by a signal, which leaves no time to.
  flushCompileCache();
});

// An engine that was killed ends nobody.
setInterval(() => {
  if (process.ppid !== engine) process.exit();
}, 1000);
