import { RunError } from "@pulumi/pulumi";
import type { BaseImageKey, ChartValues } from "../configuration/configuration.ts";

/** How the image of an application is made, and what the chart must be told of it. */
export interface Recipe {
  /** For people, such as "Next.js as a static export, with pnpm". */
  readonly title: string;
  /** The Dockerfile: relative to the project's folder, or to the build context where it is the application's own. */
  readonly dockerfile: string;
  /** Folders of this project that the build sees below `image/`. */
  readonly extras: readonly { readonly from: string; readonly to: string }[];
  /** Small files that the recipe makes; the build sees them below `image/`. */
  readonly files: Readonly<Record<string, string>>;
  /** Build arguments, beside those that every image gets. */
  readonly args: Readonly<Record<string, string>>;
  /** The base images that the Dockerfile takes by argument. */
  readonly bases: readonly BaseImageKey[];
  /** The chart's values of this component, as far as the sources tell them. */
  readonly values: ChartValues;
  /** The application's own version; undefined where it names none. */
  readonly version?: string | undefined;
  /** What was guessed, a sentence each, with the key that says otherwise. */
  readonly notes: readonly string[];
}

/** Where the settings of a part stand in the stack configuration: `backend`, or `services.search`. */
export function keyOf(service: string): string {
  return service === "frontend" || service === "backend" ? service : `services.${service}`;
}

/** One thing that an application lacks. */
export interface ApplicationProblem {
  /** The configuration key, where one is wrong, such as `backend.module`. */
  readonly key?: string;
  readonly message: string;
  /** The command that mends it. */
  readonly remedy: string;
}

/** An application of which no image can be made, with all that is in the way; Pulumi shows a `RunError` as its message alone. */
export class ApplicationError extends RunError {
  readonly problems: readonly ApplicationProblem[];

  /**
   * @param service - The component, such as `backend`.
   * @param path - The application's folder.
   */
  constructor(service: string, path: string, problems: readonly ApplicationProblem[]) {
    const lines = problems.map(({ key, message, remedy }) => {
      const where = key === undefined ? "" : `${key}: `;
      return `  - ${where}${message}\n      mend it with: ${remedy}`;
    });
    super(`The ${service} in ${path} cannot be made an image of:\n${lines.join("\n")}`);
    this.name = "ApplicationError";
    this.problems = problems;
  }
}
