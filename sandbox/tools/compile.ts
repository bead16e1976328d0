import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import { cacheFolder, sandboxCache } from "../support/cache.ts";
import { keyOf, keyOfFiles } from "../support/hash.ts";
import { withLock } from "../support/lock.ts";
import { type Log, withProgress } from "../support/log.ts";
import { type Program, type Source, sourceOf } from "./catalogue.ts";
import { findGo, type Go } from "./go.ts";

/** A compiled program. */
export interface Compiled {
  /** Absolute path of the binary. */
  path: string;
  /** Changes whenever the binary would be another: module versions, own source, flags, processor. */
  key: string;
}

/** What compiling these programs now would be keyed by; those of one module share what it pins. */
export async function keysOfPrograms(programs: readonly Program[]): Promise<string[]> {
  const pinned = new Map<string, Promise<string>>();
  const pinnedIn = (folder: string): Promise<string> => {
    const known = pinned.get(folder) ?? keyOfPins(folder);
    pinned.set(folder, known);
    return known;
  };
  return Promise.all(
    programs.map(async (program) => {
      const source = await sourceOf(program);
      const ownSource = source.package.startsWith(".")
        ? await keyOfFiles(join(source.moduleFolder, source.package))
        : "";
      return keyOf(source.package, source.linkerFlags, arch(), await pinnedIn(source.moduleFolder), ownSource);
    }),
  );
}

/** What compiling this program now would be keyed by. */
export async function keyOfProgram(program: Program): Promise<string> {
  return (await keysOfPrograms([program]))[0] as string;
}

async function keyOfPins(moduleFolder: string): Promise<string> {
  const files = ["go.mod", "go.sum"].map((file) => join(moduleFolder, file));
  const present = await Promise.all(files.map((file) => readable(file)));
  return keyOfFiles(...files.filter((_, index) => present[index]));
}

/**
 * Compiles programs from their Go modules, one after the other, each only when the cache does not have it.
 * Interrupted, it goes on where it was: finished programs stay, and Go keeps what it has compiled of the present one.
 */
export async function compile<Name extends Program>(
  programs: readonly Name[],
  log: Log,
): Promise<Record<Name, Compiled>> {
  const found = await lookUp(programs);
  const missing = programs.filter((program) => !found.has(program));
  if (missing.length > 0) {
    await withLock(sandboxCache("compile.lock"), "compiling", log, async () => {
      const go = await findGo(log);
      for (const program of missing) found.set(program, await compileOne(program, go, log));
    });
  }
  return Object.fromEntries(found) as Record<Name, Compiled>;
}

async function lookUp<Name extends Program>(programs: readonly Name[]): Promise<Map<Name, Compiled>> {
  const found = new Map<Name, Compiled>();
  for (const program of programs) {
    const cached = await cachedProgram(program);
    if (cached) found.set(program, cached);
  }
  return found;
}

async function cachedProgram(program: Program): Promise<Compiled | undefined> {
  const folder = folderOf(program, await sourceOf(program));
  const path = join(folder, (await sourceOf(program)).binary);
  const key = await keyOfProgram(program);
  const builtFrom = await readFile(join(folder, "key"), "utf8").catch(() => undefined);
  return builtFrom === key && (await readable(path)) ? { path, key } : undefined;
}

async function compileOne(program: Program, go: Go, log: Log): Promise<Compiled> {
  // Another process may have compiled it while this one waited for the lock.
  const cached = await cachedProgram(program);
  if (cached) return cached;
  const source = await sourceOf(program);
  const folder = folderOf(program, source);
  const partial = join(folder, `${source.binary}.partial`);
  await mkdir(folder, { recursive: true });
  await rm(join(folder, "key"), { force: true });
  let packages = 0;
  await withProgress(log, `compiling ${program} ${source.version}`, source.expected, (detail) =>
    go(
      // -v names each package when it is compiled: a sign of life.
      ["build", "-v", "-trimpath", "-ldflags", source.linkerFlags, "-o", partial, source.package],
      source.moduleFolder,
      folder,
      {
        logFile: sandboxCache("logs", `${program}.log`),
        onLine: (line) =>
          detail(line.startsWith("go: downloading") ? "downloading" : `${++packages} packages compiled`),
      },
    ),
  );
  const path = join(folder, source.binary);
  const key = await keyOfProgram(program);
  await rename(partial, path);
  await writeFile(join(folder, "key"), key);
  return { path, key };
}

function folderOf(program: Program, source: Source): string {
  return join(cacheFolder(), "tools", `${program}-${source.version}`);
}

async function readable(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
