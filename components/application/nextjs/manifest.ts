import { z } from "zod";

/** What of a package.json decides how the application is built. */
export interface Manifest {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly scripts: Readonly<Record<string, string>>;
  /** All dependencies by name, whatever they are for. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** What Corepack reads, such as `pnpm@9.15.0+sha512...`. */
  readonly packageManager?: string | undefined;
  /** The versions of Node that it is made for. */
  readonly node?: string | undefined;
  /** Whether it has settings for pnpm, which pnpm reads here up to version 10. */
  readonly hasPnpmSettings: boolean;
  /** Whether it is the root of a workspace. */
  readonly hasWorkspaces: boolean;
}

const texts = z.record(z.string(), z.string()).catch({});
const text = z.string().optional().catch(undefined);

const schema = z.object({
  name: text,
  version: text,
  scripts: texts.optional(),
  dependencies: texts.optional(),
  devDependencies: texts.optional(),
  optionalDependencies: texts.optional(),
  packageManager: text,
  engines: z.object({ node: text }).optional().catch(undefined),
  pnpm: z.unknown().optional(),
  workspaces: z.unknown().optional(),
});

/** Reads a package.json; undefined where the text is none. */
export function parseManifest(content: string): Manifest | undefined {
  const parsed = schema.safeParse(parseJson(content));
  if (!parsed.success) return undefined;
  const { name, version, scripts = {}, packageManager, engines, pnpm, workspaces, ...lists } = parsed.data;
  return {
    name,
    version,
    scripts,
    dependencies: { ...lists.optionalDependencies, ...lists.devDependencies, ...lists.dependencies },
    packageManager,
    node: engines?.node,
    hasPnpmSettings: pnpm !== undefined,
    hasWorkspaces: workspaces !== undefined,
  };
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
