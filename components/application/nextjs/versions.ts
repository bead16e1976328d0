/**
 * The first version that a range of package.json admits, as `[major, minor]`: `^15.1.0` is `[15, 1]`. Undefined for a tag
 * such as `latest`, and for what is no version at all.
 */
export function leastVersion(range: string): readonly [major: number, minor: number] | undefined {
  const [, major, minor = "0"] = /^[\^~>=v\s]*(\d+)(?:\.(\d+))?/.exec(range.trim()) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

/** Whether a version is before another; both as `[major, minor]`. */
export function isBefore(version: readonly [number, number], other: readonly [number, number]): boolean {
  return version[0] < other[0] || (version[0] === other[0] && version[1] < other[1]);
}

/**
 * Whether a range admits any version of a major, by npm's grammar as far as majors go: `18 || >=20 <23`. What it does not
 * understand it takes as admitting: https://docs.npmjs.com/cli/configuring-npm/package-json#engines
 */
export function admitsMajor(range: string, major: number): boolean {
  return range.split("||").some((alternative) => {
    const [, from, to] = /^\s*v?(\d+)\S*\s+-\s+v?(\d+)\S*\s*$/.exec(alternative) ?? [];
    if (from !== undefined && to !== undefined) return Number(from) <= major && major <= Number(to);
    const comparators = alternative.matchAll(/([<>]=?|[\^~=])?\s*v?(\d+)((?:\.[\dx*]+)*)/g);
    return [...comparators].every(([, operator = "=", number = "", rest = ""]) => {
      return compare(major, operator, Number(number), /[1-9]/.test(rest));
    });
  });
}

/** @param isWithin - Whether the bound lies within its major, as in `<20.5`, and not at its beginning. */
function compare(major: number, operator: string, bound: number, isWithin: boolean): boolean {
  switch (operator) {
    case ">=":
      return major >= bound;
    case ">":
      return isWithin ? major >= bound : major > bound;
    case "<=":
      return major <= bound;
    case "<":
      return isWithin ? major <= bound : major < bound;
    default:
      return major === bound;
  }
}
