import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Notes for the launcher where a provider listens, so that the same engine's next start of it need not start another one. Notes
 * of engines that have ended go. Where nothing can be noted, each start is a process of its own.
 *
 * @param file - Named by the engine's process ID.
 * @param said - The port, the engine's address, and the provider's process ID, with spaces between.
 */
export function leaveNote(file: string, said: string): void {
  try {
    const folder = dirname(file);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const engine of readdirSync(folder))
      if (!isRunning(Number(engine))) rmSync(join(folder, engine), { force: true });
    writeFileSync(file, `${said}\n`, { mode: 0o600 });
  } catch {
    return;
  }
}

/** Signal 0 asks alone: https://nodejs.org/api/process.html#processkillpid-signal */
function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
