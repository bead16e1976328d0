import type { PartKeys } from "./parts.ts";
import { type Problem, removeCommand, setCommand } from "./problems.ts";

/** What a schema cannot say of the parts: keys that contradict each other, or that nothing reads. */
export function partProblems(
  { frontend, backend, services, databaseUrl }: PartKeys & { readonly databaseUrl?: string | undefined },
  stack: string,
): Problem[] {
  return [
    ...(databaseUrl === undefined || backend.database ? [] : [unusedDatabase(stack)]),
    ...unreadKeys("frontend", frontend, ["env"], stack),
    ...unreadKeys("backend", backend, ["database", "databaseEnv"], stack),
    ...Object.entries(services).flatMap(([name, service]) => serviceProblems(name, service, stack)),
  ];
}

function unusedDatabase(stack: string): Problem {
  const message = "is set, and backend.database is false; keep one of them";
  return { key: "databaseUrl", message, remedy: removeCommand(stack, "databaseUrl") };
}

/** The shipped application is built as it is. */
function unreadKeys(key: string, keys: object, always: readonly string[], stack: string): Problem[] {
  if ("path" in keys && keys.path !== undefined) return [];
  const unread = Object.entries(keys).filter(([name, value]) => value !== undefined && !always.includes(name));
  if (unread.length === 0) return [];
  const named = unread.map(([name]) => name).join(", ");
  const message = `${named} belongs to an application of your own, and path is not set`;
  return [{ key, message, remedy: setCommand(stack, `--path ${key}.path`, "../my-application") }];
}

function serviceProblems(name: string, service: PartKeys["services"][string], stack: string): Problem[] {
  const key = `services.${name}`;
  const set = (rest: string, example: string) => setCommand(stack, `--path ${key}.${rest}`, example);
  const { path, image, schedule, port } = service;
  const given = [path, image].filter((one) => one !== undefined).length;
  return [
    ...(given === 1
      ? []
      : [
          {
            key,
            message: given === 0 ? "has neither path nor image" : "has both path and image; one of them says what runs",
            remedy: given === 0 ? set("image", "backend") : removeCommand(stack, `--path ${key}.image`),
          },
        ]),
    ...(service.secretEnv !== undefined && (image === "backend" || image === "frontend")
      ? [
          {
            key,
            message: `has secretEnv, but with the image of the ${image} it gets all variables of that`,
            remedy: removeCommand(stack, `--path ${key}.secretEnv`),
          },
        ]
      : []),
    ...(schedule !== undefined && port !== undefined
      ? [
          {
            key,
            message: "has both a schedule and a port; a job ends, and nobody can call it",
            remedy: removeCommand(stack, `--path ${key}.port`),
          },
        ]
      : []),
  ];
}
