import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Deployment } from "../../e2e/support/deployment.ts";
import { startDatabase, stopDatabase } from "./database.ts";
import { nodesOf } from "./processes.ts";

const execute = promisify(execFile);

/** A database's volume with little room. */
export interface SmallVolume {
  /** Leaves no room at all. */
  readonly fill: () => Promise<void>;
  /** Makes room. */
  readonly free: () => Promise<void>;
  /** Puts the data back onto the volume of before; the database restarts. */
  readonly restore: () => Promise<void>;
}

/** Megabytes beside what the database has already. */
const room = 48;

/** Moves the database's data onto a small file system in memory, at the volume's own path on the node, where it can be filled. */
export async function smallVolume(deployment: Deployment): Promise<SmallVolume> {
  const claim = "{.items[0].spec.volumeName}";
  const volume = await deployment.kubectl("get", "persistentvolumeclaims", "--output", `jsonpath=${claim}`);
  const path = await deployment.kubectl(
    "get",
    "persistentvolume",
    volume,
    "--output",
    "jsonpath={.spec.local.path}{.spec.hostPath.path}",
  );
  const [node = ""] = await nodesOf(deployment.context);
  const onNode = (script: string) => execute("docker", ["exec", node, "sh", "-ec", script]);
  await stopDatabase(deployment);
  // The mount hides the volume's own folder, which a bind mount elsewhere still shows, if mounts do not reach it.
  await onNode(`mkdir -p /run/own && mount --bind ${path} /run/own && mount --make-private /run/own
    mount -t tmpfs -o size=$(($(du -sm /run/own | cut -f 1) + ${room}))m tmpfs ${path}
    chmod --reference=/run/own ${path} && chown --reference=/run/own ${path} && cp -a /run/own/. ${path}/`);
  await startDatabase(deployment);
  return {
    fill: async () => {
      await onNode(`dd if=/dev/zero of=${path}/filler bs=64k 2>/dev/null || true`);
    },
    free: async () => {
      await onNode(`rm -f ${path}/filler`);
    },
    restore: async () => {
      await stopDatabase(deployment);
      await onNode(
        `rm -rf ${path}/filler /run/own/pgdata && cp -a ${path}/. /run/own/ && umount ${path} && umount /run/own`,
      );
      await startDatabase(deployment);
    },
  };
}
