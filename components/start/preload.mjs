// Runs in the program's process before Pulumi's SDK: Pulumi.yaml names it under nodeargs. Plain JavaScript, since what keeps
// compiled modules is only on its way here.
import { createRequire, enableCompileCache, Module } from "node:module";

// A third of a start is compiling the SDK: https://nodejs.org/api/module.html#module-compile-cache
enableCompileCache();

const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

/** Where a module is; an SDK that has moved it is left as it is. */
function find(name) {
  try {
    return sdk.resolve(name);
  } catch {
    return undefined;
  }
}

/** Puts something in a module's place, so that whoever asks for the module gets that. */
function replace(name, exports) {
  const file = find(name);
  if (file === undefined) return;
  sdk.cache[file] = Object.assign(new Module(file), { filename: file, loaded: true, exports });
}

/** Puts a module off until something of it is used. */
function putOff(name) {
  const file = find(name);
  const load = () => {
    if (sdk.cache[file]?.exports === later) delete sdk.cache[file];
    return sdk(file);
  };
  const part = (key) => load()[key] ?? (key === "default" ? load() : undefined);
  // Compiled imports look for this mark first, and take what has it as it is.
  const later = new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : part(key)) });
  replace(name, later);
}

// Half of what the SDK loads: the Automation API, and what turns functions into text for dynamic providers.
const forOthers = ["./automation/index.js", "./typescript-shim.js", "@npmcli/arborist", "normalize-package-data"];
for (const name of forOthers) putOff(name);

// A debugger that tells which file a function came from, for the same purpose; it slows down whatever is compiled.
replace("./runtime/closure/v8Hooks.js", { isInitializedAsync: async () => undefined });

// Each resource notes its stack, and mapping that to the SDK's own sources takes as long as all of its registration.
replace("source-map-support/register.js", {});

// The CLI traces the program's process under this variable alone.
if (!process.env.PULUMI_EXPERIMENTAL) {
  const span = { addEvent: () => span, setAttribute: () => span, end: () => undefined };
  replace("./cmd/run/tracing.js", { newSpan: () => span });
}
