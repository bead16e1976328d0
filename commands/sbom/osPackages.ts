import type { Component } from "./bom.ts";

/** The distribution that an image's base is of, from its os-release. */
export interface Distribution {
  /** `debian`, `alpine` */
  readonly id: string;
  /** `13`, `3.22.1` */
  readonly version: string;
}

/** Reads os-release: https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
export function readDistribution(text: string): Distribution {
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  return { id: field("ID"), version: field("VERSION_ID") };
}

/** Debian's list of installed packages, whole or a package a file: https://www.debian.org/doc/debian-policy/ch-controlfields.html */
export function debianPackages(status: string, distribution: Distribution): Component[] {
  return stanzas(status).flatMap((lines) => {
    const field = fields(lines, /^([A-Za-z-]+): (.*)$/);
    if (field.Status !== undefined && !field.Status.endsWith(" installed")) return [];
    return packageOf("deb", field.Package, field.Version, field.Architecture, distribution);
  });
}

/** Alpine's list of installed packages: https://wiki.alpinelinux.org/wiki/Apk_spec */
export function alpinePackages(installed: string, distribution: Distribution): Component[] {
  return stanzas(installed).flatMap((lines) => {
    const field = fields(lines, /^([A-Za-z]):(.*)$/);
    return packageOf("apk", field.P, field.V, field.A, distribution);
  });
}

/** The interpreter of the official image is compiled from its release, and in no list of packages. */
export function interpreter(version: string): Component {
  const purl = `pkg:generic/python@${version}`;
  const cpe = `cpe:2.3:a:python:python:${version}:*:*:*:*:*:*:*`;
  return { type: "application", name: "python", version, purl, cpe, "bom-ref": purl };
}

/** https://github.com/package-url/purl-spec: names and versions are percent-encoded, so a `+` or an epoch's `:` too. */
function packageOf(
  type: "deb" | "apk",
  name: string | undefined,
  version: string | undefined,
  architecture: string | undefined,
  { id, version: release }: Distribution,
): Component[] {
  if (name === undefined || version === undefined) return [];
  const place = `pkg:${type}/${id}/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
  const purl = `${place}?arch=${architecture ?? "all"}&distro=${id}-${release}`;
  return [{ type: "library", name, version, purl, "bom-ref": purl }];
}

function stanzas(text: string): string[][] {
  return text.split(/\n\n+/).map((stanza) => stanza.split("\n"));
}

function fields(lines: readonly string[], pattern: RegExp): Record<string, string | undefined> {
  const found = lines.flatMap((line) => {
    const [, name, value] = pattern.exec(line) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
