import { up } from "./deploy/up.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run up [-- --stack local|prod] [-- <arguments of pulumi up>]

Brings what is missing, starts the cluster, builds the images, deploys the stack and prints the page's URL last.

  --stack NAME   the stack, default local

Environment:
  TODO_STACK_WAY=official|sandbox      forces the official tools or the sandbox
  TODO_STACK_DOWNLOADS=https://mirror  takes the downloads from <mirror>/<vendor's host>/<path>; checksums are verified
  TODO_STACK_CACHE=FOLDER              what can be made again (default: todo-stack in the user's cache folder)
  PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE(_FILE)  your own state backend; else both are kept in .state/`;

await main(usage, up);
