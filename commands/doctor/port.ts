import { containerOn, isOccupied, listenerOn } from "../support/ports.ts";
import type { Examination } from "./examination.ts";

/** Who listens on a port of 127.0.0.1. */
export interface Listener {
  /** The container that publishes the port, if one does. */
  readonly container: string | undefined;
  /** For people. */
  readonly name: string;
}

/** Tells who listens on a port; `undefined` where nobody does. */
export async function whoListens({ machine }: Examination, port: number): Promise<Listener | undefined> {
  if (!(await isOccupied(port))) return undefined;
  const container = await containerOn(port, machine.env);
  if (container !== undefined) return { container, name: `the container "${container}"` };
  return { container, name: (await listenerOn(port, machine.env)) ?? "another program" };
}
