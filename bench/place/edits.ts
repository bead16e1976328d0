import { randomBytes } from "node:crypto";
import type { Checkout } from "./checkout.ts";
import { ports } from "./cluster.ts";

/** A line of the application's source, and how its edit is seen through the page's port. */
export interface Edit {
  readonly path: string;
  /** The line as it is, which the file holds once. */
  readonly line: string;
  /** The line with a mark that each edit draws anew. */
  readonly edited: (mark: string) => string;
  /** Where the new version shows the mark. */
  readonly port: number;
  readonly seenAt: string;
}

/**
 * A field of an answer, asked of the API's own Service: the page's server keeps its connections to a pod that is stopping,
 * and would show the new version three seconds late to whoever asks it without a pause.
 */
export const backendEdit: Edit = {
  path: "apps/backend/src/todo/routes/operations.py",
  line: '    return {"version": services.settings.version}\n',
  edited: (mark) => `    return {"version": services.settings.version, "mark": "${mark}"}\n`,
  port: ports.backend,
  seenAt: "/api/version",
};

/** A text of the page, in its HTML. */
export const frontendEdit: Edit = {
  path: "apps/frontend/app/layout.tsx",
  line: '  description: "A small, calm list of things to do.",\n',
  edited: (mark) => `  description: "A small, calm list of things to do: ${mark}.",\n`,
  port: ports.page,
  seenAt: "/",
};

/** Edits one line of a copy, again and again. */
export class Editor {
  readonly edit: Edit;
  private readonly copy: Checkout;
  private readonly parts: readonly string[];

  /** @throws Error where the file does not hold the line once: the application has changed, and the benchmark must follow. */
  constructor(copy: Checkout, edit: Edit) {
    this.copy = copy;
    this.edit = edit;
    this.parts = copy.read(edit.path).split(edit.line);
    if (this.parts.length === 2) return;
    throw new Error(`${edit.path} does not hold ${JSON.stringify(edit.line)} exactly once (bench/place/edits.ts)`);
  }

  /** Writes the line with a new mark in it; gives back the mark. */
  apply(): string {
    const mark = `bench-${randomBytes(5).toString("hex")}`;
    this.copy.write(this.edit.path, this.parts.join(this.edit.edited(mark)));
    return mark;
  }
}
