/** What both sides of a person's own application may say of themselves, in the stack configuration. */
export interface ApplicationSettings {
  /** The application's folder, relative to the project's or absolute. */
  readonly path: string;
  /** Its own Dockerfile, relative to `path`; `none` leaves one alone that is there. Default: `Dockerfile`, where there is one. */
  readonly dockerfile?: string | undefined;
  /** The port that it listens on. */
  readonly port?: number | undefined;
  /** The path that answers for as long as the process lives. */
  readonly healthPath?: string | undefined;
  /** The path that answers while requests may come. Default: `healthPath`. */
  readonly readyPath?: string | undefined;
  /** Variables at build time; no secrets, since they stand in the image. */
  readonly buildEnv?: Readonly<Record<string, string>> | undefined;
  /** The numeric user of an image whose Dockerfile names none. Default 10001. */
  readonly user?: number | undefined;
  /** Whether the root file system is read-only. Default true. */
  readonly readOnly?: boolean | undefined;
  /** Folders that can be written all the same, each empty at the start of a pod. */
  readonly writablePaths?: readonly string[] | undefined;
}

/** A person's own frontend. */
export interface FrontendSettings extends ApplicationSettings {
  /** A static export behind nginx, or Next.js' own server. Default `auto`: what the sources need. */
  readonly mode?: "auto" | "export" | "server" | undefined;
  /** For an export: which paths nginx hands to the backend. Default `/api`. */
  readonly apiPath?: string | undefined;
  /** For an export: whether the backend sees the path without `apiPath`. Default false. */
  readonly apiStripPath?: boolean | undefined;
}

/** A person's own backend. */
export interface BackendSettings extends ApplicationSettings {
  /** The ASGI application, such as `app.main:app`. Default: found in the sources. */
  readonly module?: string | undefined;
  /** Debian packages that the application needs to run. */
  readonly systemPackages?: readonly string[] | undefined;
  /** Debian packages that the installation of its dependencies needs. */
  readonly buildPackages?: readonly string[] | undefined;
  /** How the database is migrated before a new version serves. Default `auto`: what the sources have. */
  readonly migrations?: "auto" | "none" | "alembic" | "sql" | undefined;
  /** The command that migrates, in place of all that. */
  readonly migrationCommand?: readonly string[] | undefined;
  /** Whether it serves requests. Default true; what runs a command of its own needs no ASGI application. */
  readonly serves?: boolean | undefined;
  /** Whether there is a database. Default true. */
  readonly database?: boolean | undefined;
  /** Variables made of the database's; absent: it reads `DATABASE_URL`. */
  readonly databaseEnv?: Readonly<Record<string, string>> | undefined;
}
