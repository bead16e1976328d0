import type { Source } from "./source.ts";

/** Something that uvicorn could serve. */
export interface Candidate {
  readonly file: string;
  readonly name: string;
  /** Whether it is a function that makes the application. */
  readonly factory: boolean;
}

const made = /^([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*(?:[\w.]+\.)?FastAPI[ \t]*\(/gm;
const annotated =
  /^(?:async[ \t]+)?def[ \t]+([A-Za-z_]\w*)[ \t]*\(([^)]*)\)[ \t]*->[ \t]*["']?(?:[\w.]+\.)?FastAPI["']?[ \t]*:/gm;
const anyFunction = /^def[ \t]+([A-Za-z_]\w*)[ \t]*\(([^)]*)\)[^:\n]*:/gm;
/** Names of functions that are there for servers to call. */
const usualFactory = /^((create|make|get|build|init)_(app|application|api)|app_factory)$/;

/** Finds the applications of all sources: `app = FastAPI(...)`, `app = create_app()` and functions that make one. */
export function findCandidates(sources: readonly Source[]): readonly Candidate[] {
  const makers = new Map(sources.map((source) => [source.path, factoriesOf(source.code)]));
  const makerNames = new Set([...makers.values()].flatMap((found) => found.map(({ name }) => name)));
  const mounted = mountedNames(sources);
  return sources.flatMap(({ path: file, code }) => {
    const direct = [...code.matchAll(made)].map(([, name = ""]) => name);
    const called = [...code.matchAll(/^([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*(?:[\w]+\.)?([A-Za-z_]\w*)[ \t]*\(/gm)]
      .filter(([, , maker = ""]) => makerNames.has(maker))
      .map(([, name = ""]) => name);
    const apps = [...new Set([...direct, ...called])].filter((name) => !mounted.has(name));
    const callable = (makers.get(file) ?? []).filter(({ callable }) => callable);
    return [
      ...apps.map((name) => ({ file, name, factory: false })),
      ...callable.map(({ name }) => ({ file, name, factory: true })),
    ].filter((candidate) => !candidate.factory || !isCalled(candidate.name, sources));
  });
}

/** Functions that give back an application; uvicorn can call those that need no argument and are there to be called. */
function factoriesOf(code: string): readonly { readonly name: string; readonly callable: boolean }[] {
  const byType = [...code.matchAll(annotated)].map((match) => ({ match, known: true }));
  const byBody = [...code.matchAll(anyFunction)]
    .filter(({ index }) => givesApplication(bodyAt(code, index)))
    .map((match) => ({ match, known: usualFactory.test(match[1] ?? "") }));
  const found = [...byBody, ...byType].map(({ match: [, name = "", parameters = ""], known }) => {
    const optional = (one: string): boolean => one.trim() === "" || one.includes("=") || one.trim().startsWith("*");
    return { name, callable: known && parameters.split(",").every(optional) };
  });
  return [...new Map(found.map((one) => [one.name, one])).values()];
}

/** `return FastAPI(...)`, or of the variable that holds one. */
function givesApplication(body: string): boolean {
  const held = [...body.matchAll(/^[ \t]+([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*(?:\w+\.)?FastAPI[ \t]*\(/gm)];
  if (/^[ \t]+return[ \t]+(?:\w+\.)?FastAPI[ \t]*\(/m.test(body)) return true;
  return held.some(([, name]) => new RegExp(`^[ \\t]+return[ \\t]+${name}\\b`, "m").test(body));
}

/** A function's lines, up to the next one that stands at the margin. */
function bodyAt(code: string, start: number): string {
  const rest = code.slice(code.indexOf("\n", start) + 1);
  const end = /^\S/m.exec(rest)?.index ?? rest.length;
  return rest.slice(0, end);
}

/** A factory whose result some module keeps is not what is served. */
function isCalled(name: string, sources: readonly Source[]): boolean {
  const call = new RegExp(`^[A-Za-z_]\\w*[ \\t]*(?::[^=\\n]+)?=[ \\t]*(?:\\w+\\.)?${name}[ \\t]*\\(`, "m");
  return sources.some(({ code }) => call.test(code));
}

/** Applications that are mounted into another one: `app.mount("/admin", admin_app)`. */
function mountedNames(sources: readonly Source[]): ReadonlySet<string> {
  const calls = sources.flatMap(({ code }) => [
    ...code.matchAll(/\.mount\(\s*[^,()]+,\s*(?:app\s*=\s*)?(?:\w+\.)?([A-Za-z_]\w*)\s*[,)]/g),
  ]);
  return new Set(calls.map(([, name = ""]) => name));
}
