import { connect } from "node:net";
import { json } from "node:stream/consumers";
import type { Answer } from "./gate.ts";

/** What kubectl-ai starts as `bash -c <command>`: hands the command to the gate and prints what it answers. */
const [socket = "", flag, command] = process.argv.slice(2);
const connection = connect(socket);
connection.end(JSON.stringify(flag === "-c" ? command : `bash ${flag ?? ""}`));
const { code, stdout, stderr } = (await json(connection)) as Answer;
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
