import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { arch } from "node:os";
import { ensureDebianPackage } from "../engine/debianPackage.ts";
import { docker, inspect } from "../engine/docker.ts";
import { sandboxCache } from "../support/cache.ts";
import { keyOf } from "../support/hash.ts";
import { withLock } from "../support/lock.ts";
import { type Log, withProgress } from "../support/log.ts";
import { run } from "../support/run.ts";
import { UserError } from "../support/userError.ts";
import { STAND_IN_LABEL } from "./label.ts";

/** Debian 13: has Python 3.13, PostgreSQL 17 and containerd 1.7. */
const SUITE = "trixie";
const PACKAGES = "ca-certificates,netbase,tzdata";

/** What no container needs. */
const LEFT_OUT = ["share/doc", "share/man", "share/info", "share/locale", "share/lintian", "share/i18n", "lib/*/gconv"];

/** Where the CA bundle is in every stand-in. */
const BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/** Where distributions keep theirs: Debian, Fedora, openSUSE, Alpine. */
const USUAL_BUNDLES = [BUNDLE, "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"];

/** Programs in a stand-in trust what this machine trusts, also those that bring a bundle of their own. */
const VARIABLES = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "REQUESTS_CA_BUNDLE"];
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The file with the certificate authorities that this machine trusts. */
export async function caBundle(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  for (const path of [environment.SSL_CERT_FILE, ...USUAL_BUNDLES]) {
    if (path && (await isFile(path))) return path;
  }
  throw new UserError("This machine has no CA bundle. Install one: apt-get install ca-certificates");
}

/**
 * Makes the Debian image on which all else in the sandbox is built, from Debian packages; its files are cached, so that
 * an engine that lost the image has it again in seconds.
 * @returns its name
 */
export async function ensureDebian(log: Log): Promise<string> {
  const { bundle, key, image } = await wantedDebian();
  if (await inspect("image", image)) return image;
  return withLock(sandboxCache("debian.lock"), "making the Debian image", log, async () => {
    const archive = sandboxCache(`debian-${SUITE}-${key}.tar`);
    if (!(await isFile(archive))) await makeRoot(bundle, archive, log);
    await importRoot(archive, image);
    return image;
  });
}

/** What the Debian image is made from and called; it may not be there. */
export async function wantedDebian(): Promise<{ bundle: string; key: string; image: string }> {
  const bundle = await caBundle();
  const key = keyOf(SUITE, PACKAGES, LEFT_OUT.join(), arch(), await readFile(bundle));
  return { bundle, key, image: `todo-sandbox-debian:${key}` };
}

async function makeRoot(bundle: string, archive: string, log: Log): Promise<void> {
  await ensureDebianPackage("mmdebstrap", "make base images from Debian packages", log);
  await mkdir(sandboxCache(), { recursive: true });
  // A name of its own: one that was interrupted may still be writing, in its session of its own.
  const partial = `${archive}.${process.pid}.partial`;
  const command = [
    // mmdebstrap ends its whole process group when it is done: that must not be ours.
    ...["setsid", "--wait", "mmdebstrap", "--variant=minbase", `--include=${PACKAGES}`, "--format=tar"],
    ...LEFT_OUT.map((folder) => `--dpkgopt=path-exclude=/usr/${folder}/*`),
    `--customize-hook=upload ${bundle} ${BUNDLE}`,
    ...[SUITE, partial],
  ];
  await removePartials();
  await withProgress(log, `making a Debian ${SUITE} from packages`, "40 s", () =>
    run(command, { logFile: sandboxCache("logs", "debian.log") }),
  );
  await rename(partial, archive);
}

async function importRoot(archive: string, image: string): Promise<void> {
  const changes = [
    `LABEL ${STAND_IN_LABEL}=true`,
    `ENV PATH=${PATH}`,
    ...VARIABLES.map((name) => `ENV ${name}=${BUNDLE}`),
    'CMD ["bash"]',
  ];
  await docker(["import", ...changes.flatMap((change) => ["--change", change]), archive, image]);
}

async function removePartials(): Promise<void> {
  const partials = (await readdir(sandboxCache())).filter((file) => /^debian-.*\.partial$/.test(file));
  await Promise.all(partials.map((file) => rm(sandboxCache(file), { force: true })));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}
