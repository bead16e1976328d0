import Module, { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Modules of Pulumi's SDK that only the real engine has a use for: they turn dynamic providers into text (with TypeScript's
 * compiler), pack folders for functions in a cloud (with npm's own installer) and drive the CLI. Who runs the program on
 * mocks needs none of it, and loading them takes 0.3 of the SDK's 0.4 s, turning the providers into text another 0.1 s.
 */
const replacements: Readonly<Record<string, object>> = {
  "@pulumi/pulumi/runtime/closure/serializeClosure.js": {
    serializeFunction: async () => ({ text: "", exportName: "handler", containsSecrets: false }),
  },
  "@pulumi/pulumi/runtime/closure/codePaths.js": {},
  "@pulumi/pulumi/automation/index.js": {},
};

for (const [name, exports] of Object.entries(replacements)) {
  const filename = require.resolve(name);
  require.cache[filename] ??= Object.assign(new Module(filename), { exports, loaded: true });
}
