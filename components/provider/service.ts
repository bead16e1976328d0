import { isDeepStrictEqual } from "node:util";
import { type handleUnaryCall, type ServiceError, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { ResourceHandler } from "./handlers.ts";

/** A message of the protocol, by the class that the SDK generates for it. */
type Message<
  Name extends "CheckRequest" | "DiffRequest" | "CreateRequest" | "ReadRequest" | "UpdateRequest" | "DeleteRequest",
> = InstanceType<(typeof provider)[Name]>;

/**
 * Pulumi's provider protocol, as far as resources without secrets need it. What is missing here, gRPC answers as
 * unimplemented, and the engine goes on without: pulumi/pulumi, proto/pulumi/provider.proto.
 *
 * @param handlerOf - Finds the handler of a resource by its URN.
 */
export function resourceService(handlerOf: (urn: string) => Promise<ResourceHandler>): UntypedServiceImplementation {
  const checked = new Set<string>();
  return {
    getPluginInfo: answering(async () => new plugin.PluginInfo().setVersion("1.0.0")),
    // The engine passes the whole stack configuration, and where that has changed it would go on with the second process that it
    // started, and end the first, which answers for both.
    diffConfig: answering(async () =>
      new provider.DiffResponse().setChanges(provider.DiffResponse.DiffChanges.DIFF_NONE),
    ),
    configure: answering(async () => new provider.ConfigureResponse()),
    cancel: answering(async () => new empty.Empty()),
    check: answering(async (request: Message<"CheckRequest">) => {
      checked.add(request.getUrn());
      const news = read(request.getNews());
      const handler = await handlerOf(request.getUrn());
      const { inputs, failures = [] } = (await handler.check?.(read(request.getOlds()), news)) ?? { inputs: news };
      const told = failures.map(({ property, reason }) =>
        new provider.CheckFailure().setProperty(property).setReason(reason),
      );
      return new provider.CheckResponse().setInputs(write(inputs)).setFailuresList(told);
    }),
    diff: answering(async (request: Message<"DiffRequest">) => {
      const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
      const [olds, news] = [read(request.getOlds()), read(request.getNews())];
      // A refresh compares what it has read with itself, and shows nothing of it. What a program wants is checked first.
      const refresh = !checked.has(request.getUrn()) && isDeepStrictEqual(olds, news);
      if (refresh) return new provider.DiffResponse().setChanges(DIFF_NONE);
      const { changes, replaces = [] } = await (await handlerOf(request.getUrn())).diff(olds, news);
      return new provider.DiffResponse().setChanges(changes ? DIFF_SOME : DIFF_NONE).setReplacesList([...replaces]);
    }),
    create: answering(async (request: Message<"CreateRequest">) => {
      const inputs = read(request.getProperties());
      const id = await (await handlerOf(request.getUrn())).create(inputs);
      return new provider.CreateResponse().setId(id).setProperties(write(inputs));
    }),
    read: answering(async (request: Message<"ReadRequest">) => {
      const inputs = read(request.getProperties());
      await (await handlerOf(request.getUrn())).read?.(inputs);
      const found = new provider.ReadResponse().setId(request.getId()).setProperties(write(inputs));
      return found.setInputs(request.getInputs());
    }),
    update: answering(async (request: Message<"UpdateRequest">) => {
      const news = read(request.getNews());
      await (await handlerOf(request.getUrn())).update?.(news);
      return new provider.UpdateResponse().setProperties(write(news));
    }),
    delete: answering(async (request: Message<"DeleteRequest">) => {
      await (await handlerOf(request.getUrn())).delete?.(read(request.getProperties()));
      return new empty.Empty();
    }),
  };
}

/** What a handler throws is the engine's message. */
function answering<Request, Response>(answer: (request: Request) => Promise<Response>) {
  const handle: handleUnaryCall<Request, Response> = ({ request }, callback) => {
    answer(request).then(
      (response) => callback(null, response),
      (error: Error) => callback({ code: status.UNKNOWN, details: error.message } as ServiceError),
    );
  };
  return handle;
}

/** Earlier versions of the program kept the text of a dynamic provider beside the inputs. */
function read(fields: InstanceType<typeof struct.Struct> | undefined): object {
  const { __provider, ...inputs } = fields?.toJavaScript() ?? {};
  return inputs;
}

function write(fields: object) {
  return struct.Struct.fromJavaScript({ ...fields });
}
