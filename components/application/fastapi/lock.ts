import type { Dependencies } from "./dependencies.ts";
import type { Findings } from "./findings.ts";
import { type PythonProject, parseToml, type Table, tableIn, tablesIn, textIn, textsIn } from "./project.ts";
import type { Requirement } from "./requirement.ts";

/** What `uv.lock` would install, without the groups for development. Its format: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile */
export function lockedDependencies(
  project: PythonProject,
  lock: string,
  pythonMinor: number | undefined,
  findings: Findings,
): Dependencies | undefined {
  const whole = parseToml("uv.lock", lock, findings);
  if (whole === undefined) return undefined;
  const packages = tablesIn(whole, "package");
  const members = new Set(textsIn(tableIn(whole, "manifest"), "members"));
  const roots = packages.filter((one) => (project.standard ? folderOf(one) === "." : members.has(nameOf(one))));
  const reached = reach(packages, roots);
  const installed = packages.filter((one) => reached.has(nameOf(one)) && folderOf(one) === undefined);
  // A virtual one says of itself that it is no package.
  const folders = packages.flatMap((one) => {
    const path = "virtual" in tableIn(one, "source") ? undefined : folderOf(one);
    return path !== undefined && reached.has(nameOf(one)) ? [path] : [];
  });
  const own = [...new Set(folders)].filter((path) => path !== ".");
  return {
    title: "uv.lock",
    install: { way: "lock", requirements: [], wholeWorkspace: !project.standard },
    files: { "pyproject.toml": project.text, "uv.lock": lock },
    requirements: installed.map((one) => ({
      name: nameOf(one),
      extras: [...(reached.get(nameOf(one)) ?? [])],
      pinned: true,
    })),
    complete: true,
    development: Object.fromEntries(
      packages.filter((one) => !reached.has(nameOf(one))).map((one) => [nameOf(one), textIn(one, "version") ?? ""]),
    ),
    fromSource: installed.filter((one) => !hasWheel(one, pythonMinor)).map(nameOf),
    git: installed.some((one) => "git" in tableIn(one, "source")),
    folders: own,
  };
}

/** Marks what other systems than Linux need; what may also be needed here says so by `or`. */
const forOthers = /^(?!.* or ).*(sys_platform|platform_system|os_name) == '(win32|cygwin|darwin|Windows|Darwin|nt)'/;

/** Every package that the roots need, with the extras that are asked of it. */
function reach(packages: readonly Table[], roots: readonly Table[]): Map<string, Set<string>> {
  const reached = new Map<string, Set<string>>();
  const follow = (edges: readonly Table[]): void => {
    for (const edge of edges)
      if (!forOthers.test(textIn(edge, "marker") ?? "")) visit(nameOf(edge), textsIn(edge, "extra"));
  };
  const visit = (name: string, extras: readonly string[]): void => {
    const before = reached.get(name);
    const seen = before ?? new Set<string>();
    reached.set(name, seen);
    const fresh = extras.filter((extra) => !seen.has(extra));
    for (const extra of fresh) seen.add(extra);
    for (const one of packages.filter((candidate) => nameOf(candidate) === name)) {
      if (before === undefined) follow(tablesIn(one, "dependencies"));
      for (const extra of fresh) follow(tablesIn(tableIn(one, "optional-dependencies"), extra));
    }
  };
  for (const root of roots) visit(nameOf(root), []);
  return reached;
}

function nameOf(one: Table): Requirement["name"] {
  return textIn(one, "name") ?? "";
}

/** The folder of a package that is part of the application; undefined for one that comes from elsewhere. */
function folderOf(one: Table): string | undefined {
  const source = tableIn(one, "source");
  return textIn(source, "virtual") ?? textIn(source, "editable") ?? textIn(source, "directory");
}

/** Whether there is a wheel for some Linux and this Python: https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/ */
function hasWheel(one: Table, pythonMinor: number | undefined): boolean {
  if (!("registry" in tableIn(one, "source"))) return true;
  return tablesIn(one, "wheels").some((wheel) => {
    const [platform = "", abi = "", python = ""] = (textIn(wheel, "url") ?? textIn(wheel, "filename") ?? "")
      .replace(/\.whl$/, "")
      .split("-")
      .reverse();
    if (platform !== "any" && !platform.includes("linux")) return false;
    return python.split(".").some((tag) => {
      const minor = /^cp3(\d+)$/.exec(tag)?.[1];
      if (minor === undefined) return tag.startsWith("py3");
      if (pythonMinor === undefined) return true;
      return abi === "abi3" ? Number(minor) <= pythonMinor : Number(minor) === pythonMinor;
    });
  });
}
