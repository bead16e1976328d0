import { posix } from "node:path";
import type { ApplicationFolder } from "../folder.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Findings } from "./findings.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";

/** What the files say together; the text of each is without the application's own folders. */
interface Read {
  readonly files: Record<string, string>;
  readonly requirements: Requirement[];
  readonly folders: Set<string>;
  git: boolean;
  pinned: boolean;
}

/** A line that installs a folder: `-e .`, `./libs/shop`, `file:libs/shop`. */
const folderLine = /^(?:(?:-e|--editable)[\s=]+)?(?:file:)?(\.{1,2}(?:\/[^\s[;]*)?)(?:\[[^\]]*\])?\s*(?:;.*)?$/;
/** https://pip.pypa.io/en/stable/reference/requirements-file-format/#supported-options */
const includeLine = /^(?:-r|--requirement|-c|--constraint)[\s=]*(\S+)/;

/**
 * Reads a file of requirements with those that it includes.
 *
 * @param findings - None: what is missing is not told.
 */
export async function readRequirements(
  folder: ApplicationFolder,
  first: string,
  findings?: Findings,
): Promise<Dependencies> {
  const read: Read = { files: {}, requirements: [], folders: new Set(), git: false, pinned: true };
  await readInto(read, folder, first, false, findings);
  if (!read.pinned) {
    findings?.note(
      `${first} does not name every version, so each build of the dependencies takes the newest ones that it allows; \`uv pip compile ${first} --output-file requirements.txt\` fixes them.`,
    );
  }
  return {
    title: first,
    install: { way: "requirements", requirements: [first], wholeWorkspace: false },
    files: read.files,
    requirements: read.requirements,
    complete: read.pinned,
    development: {},
    fromSource: [],
    git: read.git,
    folders: [...read.folders],
  };
}

async function readInto(
  read: Read,
  folder: ApplicationFolder,
  file: string,
  constraints: boolean,
  findings?: Findings,
): Promise<void> {
  if (file in read.files) return;
  const text = await folder.read(file);
  if (text === undefined) {
    findings?.problem(
      `a file of requirements includes ${file}, which is not in the build`,
      `put ${file} there, or take its line away`,
    );
    return;
  }
  // A byte order mark is what PowerShell's `pip freeze > requirements.txt` begins with.
  const lines = text
    .replace(/^\uFEFF/, "")
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/);
  read.files[file] = "";
  const kept = await Promise.all(lines.map((line) => keepLine(read, folder, file, line.trim(), constraints, findings)));
  read.files[file] = `${kept.flat().join("\n")}\n`;
}

async function keepLine(
  read: Read,
  folder: ApplicationFolder,
  file: string,
  whole: string,
  constraints: boolean,
  findings?: Findings,
): Promise<readonly string[]> {
  const line = whole.replace(/(^|\s)#.*$/, "").trim();
  const included = includeLine.exec(line)?.[1];
  if (included !== undefined && !included.includes("://")) {
    await readInto(read, folder, beside(file, included), /^(-c|--c)/.test(line), findings);
    return [line];
  }
  const path = folderLine.exec(line)?.[1];
  if (path !== undefined) {
    read.folders.add(posix.normalize(path));
    return [];
  }
  if (line.includes("git+")) read.git = true;
  const requirement = parseRequirement(line);
  if (requirement !== undefined && !constraints) {
    read.requirements.push(requirement);
    if (!requirement.pinned) read.pinned = false;
  }
  return [line];
}

function beside(file: string, other: string): string {
  return posix.normalize(posix.join(posix.dirname(file), other));
}
