import { parseReference } from "../reference.ts";

/** Where a registry keeps an image. */
export interface ImageAddress {
  /** The host that is asked, with its port. */
  readonly host: string;
  /** The repository's name within the registry, e.g. `acme/todo-backend`. */
  readonly name: string;
  readonly tag: string;
  /** The name under which Docker keeps the registry's login. */
  readonly loginKey: string;
}

/** Docker Hub is asked at another host than its images are named after, and has kept its oldest name for logins. */
const dockerHub = { host: "registry-1.docker.io", loginKey: "https://index.docker.io/v1/" };

/** Takes a reference with a registry in it apart: https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
export function imageAddress(reference: string): ImageAddress {
  const { repository, tag } = parseReference(reference);
  const slash = repository.indexOf("/");
  const host = repository.slice(0, slash);
  const name = repository.slice(slash + 1);
  return host === "docker.io" || host === "index.docker.io"
    ? { ...dockerHub, name: name.includes("/") ? name : `library/${name}`, tag }
    : { host, loginKey: host, name, tag };
}

/** Docker itself speaks plain HTTP with a registry on this machine, and with no other that it was not told of. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host);
}
