import { isDebugSetting } from "../../components/safety/debugSetting.ts";
import { containersOf, environmentOf, fieldsOf, type Manifest, placeOf } from "../manifest.ts";
import { mendByUnsetting, type Origin, type Rule, type Violation } from "../rule.ts";

/** A log level that tells what production should not. */
export const logLevel: Rule = {
  name: "no-debug-level",
  description: "A debug log level writes what people send into logs, and slows the application down.",
  check: (objects, origin) => objects.flatMap((object) => [...inMaps(object, origin), ...inContainers(object, origin)]),
};

function inMaps(object: Manifest, origin: Origin): Violation[] {
  if (object.kind !== "ConfigMap") return [];
  const entries = Object.entries(fieldsOf(object.data)).map(([key, value]) => [key, String(value)] as const);
  return entries.flatMap(([key, value]) =>
    isDebugSetting(key, value) ? [violation(object, origin, { key, value })] : [],
  );
}

function inContainers(object: Manifest, origin: Origin): Violation[] {
  return containersOf(object).flatMap((container) => {
    const variables = environmentOf(container).flatMap(([key, value]) =>
      isDebugSetting(key, value) ? [violation(object, origin, { container: container.name, key, value })] : [],
    );
    return [...variables, ...argumentsOf(container.args).map((value) => argument(object, container.name, value))];
  });
}

/** `--log-level=debug`, `--log-level debug`. */
function argumentsOf(args: unknown): readonly string[] {
  if (!Array.isArray(args)) return [];
  const found = args
    .map(String)
    .join(" ")
    .matchAll(/--log-?level[= ](?:debug|trace)\b/gi);
  return [...found].map(([text]) => text);
}

interface Setting {
  readonly container?: string;
  readonly key: string;
  readonly value: string;
}

function violation(object: Manifest, origin: Origin, { container, key, value }: Setting): Violation {
  return {
    what: `${key} is "${value}"`,
    where: placeOf(object, container, container === undefined ? `data ${key}` : `env ${key}`),
    remedy: mendByUnsetting(object, origin, key),
  };
}

function argument(object: Manifest, container: string, value: string): Violation {
  const remedy = "where the object is made, remove the argument";
  return { what: `it is started with "${value}"`, where: placeOf(object, container, "args"), remedy };
}
