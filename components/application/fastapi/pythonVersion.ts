/** The image that the Dockerfile takes where the configuration names no other one. */
export const defaultPythonImage = "python:3.13-slim";

/** Minor versions of Python 3 that most packages have wheels for, the newest first: https://devguide.python.org/versions/ */
const offered = [14, 13, 12, 11];

/** The minor version of Python 3 in a base image, by its tag; undefined where the tag does not say. */
export function minorOf(image: string): number | undefined {
  const minor = /:3\.(\d+)/.exec(image)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/**
 * Whether a project runs on Python 3.`minor`.
 *
 * @param versions - As `requires-python` has them: https://packaging.python.org/en/latest/specifications/version-specifiers/
 *   and Poetry's `^` and `~`. What cannot be understood excludes nothing.
 */
export function allowsPython(versions: string, minor: number): boolean {
  return versions.split("||").some((all) => all.split(",").every((one) => allows(one.trim(), minor)));
}

/** The newest Python that the versions allow, as an image; where none is known, the one that they name first. */
export function imageFor(versions: string): string {
  const minor = offered.find((one) => allowsPython(versions, one)) ?? /3\.(\d+)/.exec(versions)?.[1] ?? offered[0];
  return `python:3.${minor}-slim`;
}

function allows(one: string, minor: number): boolean {
  const match = /^(===?|!=|<=|>=|<|>|~=|~|\^)?\s*v?(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))?/.exec(one);
  if (match === null) return true;
  const [, operator = "==", major = "3", given, patch] = match;
  const whole = given === undefined || given === "*";
  const bound = Number(major) * 1000 + (whole ? 0 : Number(given));
  const own = 3000 + minor;
  // The base image has some patch release of its minor version; which one is not known.
  const laterPatch = patch !== undefined && patch !== "*" && Number(patch) > 0;
  switch (operator) {
    case ">=":
    case ">":
      return own >= bound;
    case "<":
      return own < bound || (own === bound && laterPatch);
    case "<=":
      return own < bound || (own === bound && laterPatch);
    case "!=":
      return own !== bound || patch !== "*";
    case "^":
      return own >= bound && Number(major) === 3;
    case "~=":
      return patch === undefined ? own >= bound && Number(major) === 3 : own === bound;
    case "~":
      return own === bound;
    default:
      return whole ? Number(major) === 3 : own === bound;
  }
}
