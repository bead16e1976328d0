import type { BackendSettings } from "../settings.ts";
import { type Dependencies, has } from "./dependencies.ts";
import { type Findings, listed } from "./findings.ts";

/** Debian packages of an image. */
export interface SystemPackages {
  /** While dependencies are installed. */
  readonly build: readonly string[];
  /** In the image. */
  readonly system: readonly string[];
}

const compiler = ["gcc", "libc6-dev"];

/** What well-known distributions need that their wheels do not bring, by the names of Debian 12 and 13. */
const needs: Readonly<Record<string, Partial<SystemPackages>>> = {
  cairosvg: { system: ["libcairo2"] },
  "cx-oracle": { system: ["libaio1"] },
  mysqlclient: { build: [...compiler, "pkg-config", "libmariadb-dev"], system: ["libmariadb3"] },
  "opencv-contrib-python": { system: ["libgl1", "libglib2.0-0"] },
  "opencv-python": { system: ["libgl1", "libglib2.0-0"] },
  pdf2image: { system: ["poppler-utils"] },
  psycopg2: { build: [...compiler, "libpq-dev"], system: ["libpq5"] },
  "psycopg-c": { build: [...compiler, "libpq-dev"], system: ["libpq5"] },
  pycairo: { build: [...compiler, "pkg-config", "libcairo2-dev"], system: ["libcairo2"] },
  pycurl: { build: [...compiler, "libcurl4-openssl-dev", "libssl-dev"], system: ["libcurl4"] },
  pydub: { system: ["ffmpeg"] },
  pygraphviz: { build: [...compiler, "libgraphviz-dev"], system: ["graphviz"] },
  pyodbc: { system: ["unixodbc"] },
  pytesseract: { system: ["tesseract-ocr"] },
  "python-ldap": { build: [...compiler, "libldap-dev", "libsasl2-dev"], system: ["libldap2", "libsasl2-2"] },
  "python-magic": { system: ["libmagic1"] },
  pyzbar: { system: ["libzbar0"] },
  // Its wheel and that of lxml must be made with the same libxml2, so both are compiled: https://github.com/xmlsec/python-xmlsec#install
  xmlsec: { build: [...compiler, "pkg-config", "libxmlsec1-dev"], system: ["libxmlsec1-openssl"] },
  wand: { system: ["libmagickwand-dev"] },
  // https://doc.courtbouillon.org/weasyprint/stable/first_steps.html#linux
  weasyprint: { system: ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"] },
};

/** Chooses the Debian packages: those of the configuration, and those that are known to be needed. */
export function systemPackages(
  dependencies: Dependencies,
  settings: BackendSettings,
  findings: Findings,
): SystemPackages {
  const build = new Set(settings.buildPackages);
  const system = new Set(settings.systemPackages);
  const add = (why: string, needed: Partial<SystemPackages>): void => {
    for (const name of needed.build ?? []) build.add(name);
    for (const name of needed.system ?? []) system.add(name);
    const parts = [
      ...(needed.system === undefined ? [] : [`${needed.system.join(", ")} in the image`]),
      ...(needed.build === undefined ? [] : [`${needed.build.join(", ")} while it is installed`]),
    ];
    findings.note(`${why}: ${parts.join(", ")}; backend.systemPackages and backend.buildPackages add more.`);
  };
  for (const [name, needed] of Object.entries(needs)) {
    if (has(dependencies, name)) add(`Debian packages for ${name}`, needed);
  }
  const psycopg = dependencies.requirements.find(({ name }) => name === "psycopg");
  if (psycopg !== undefined && !["psycopg-binary", "psycopg-c"].some((name) => has(dependencies, name))) {
    const brought = psycopg.extras.find((extra) => extra === "binary" || extra === "c");
    if (brought === undefined) add("Debian packages for psycopg without [binary]", { system: ["libpq5"] });
    else if (brought === "c") add("Debian packages for psycopg[c]", needs["psycopg-c"] ?? {});
  }
  const compiled = dependencies.fromSource.filter((name) => needs[name]?.build === undefined);
  if (compiled.length > 0)
    add(`A compiler for what has no wheel (${listed(compiled)})`, { build: ["gcc", "g++", "libc6-dev"] });
  if (dependencies.git) add("Git for dependencies out of repositories", { build: ["git", "ca-certificates"] });
  return { build: [...build].sort(), system: [...system].sort() };
}
