import { logs } from "./logs/logs.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run logs [-- frontend|backend|database|NAME|all ...] [options]

What the containers of a stack have written, in the order of time, each line behind the name of its service and the end of
its pod's name. Lines that are JSON are shown as time, level, message and request ID. NAME is a further service. It needs no kubectl.

  --follow, -f     goes on with each line as it comes, also of new pods in a rollout; Ctrl-C ends it
  --since SPAN     only what is as new as 90s, 10m, 1h30m or 2d
  --tail N, -n     the last lines of each container, or all (default 100; with --since all)
  --previous, -p   of the run before a container's last restart
  --json           a JSON object a line: service, pod, container, time, and the line itself as log
  --raw            the lines as they were written, for other programs
  --stack NAME     the stack, default local

For example: npm run logs -- backend -f`;

await main(usage, logs, { lasts: true });
