/** A version as its three numbers. */
export type Version = readonly [major: number, minor: number, patch: number];

/** The first `1.2.3` in a text, `undefined` where there is none. */
export function findVersion(text: string): Version | undefined {
  const found = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  return found === null ? undefined : [Number(found[1]), Number(found[2]), Number(found[3])];
}

/** Whether a version is the given one or a later one. */
export function isAtLeast(version: Version, least: Version): boolean {
  for (const [index, number] of version.entries()) {
    const other = least[index] ?? 0;
    if (number !== other) return number > other;
  }
  return true;
}
