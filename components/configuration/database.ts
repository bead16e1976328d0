import * as pulumi from "@pulumi/pulumi";
import type { ExternalDatabase } from "./configuration.ts";
import { type Problem, removeCommand, setSecretCommand } from "./problems.ts";
import type { CheckedKeys } from "./schema.ts";

/** The two keys that hold a database's URL. */
const urlKeys = ["databaseUrl", "databaseDirectUrl"] as const;

/** PostgreSQL's port where a URL names none: https://www.postgresql.org/docs/17/libpq-connect.html */
const defaultPort = 5432;

/** The modes of libpq in which nobody on the way can read: https://www.postgresql.org/docs/17/libpq-ssl.html */
const encrypting = ["require", "verify-ca", "verify-full"];

/**
 * What is wrong with the keys of the external database. No message repeats a URL.
 *
 * @param production - Whether connections must be encrypted. What says that they shall not be is no mistake but an objection
 *   (`components/safety`).
 */
export function databaseProblems(keys: CheckedKeys, production: boolean, stack: string): Problem[] {
  const problems = urlKeys.flatMap((key) => urlProblems(keys[key], key, production, stack));
  if (keys.databaseDirectUrl !== undefined && isPooler(keys.databaseDirectUrl)) {
    const message = "names a pooler, which migrations are to go around; take -pooler out of its host";
    problems.push({ key: "databaseDirectUrl", message, remedy: setSecretCommand(stack, "databaseDirectUrl") });
  }
  if (keys.databaseUrl !== undefined || production) return problems;
  const lonely = (["databaseDirectUrl", "databaseCa", "databaseMaxConnections"] as const).filter((key) => keys[key]);
  const message = "is about an external database, but there is no databaseUrl";
  return [...problems, ...lonely.map((key) => ({ key, message, remedy: removeCommand(stack, key) }))];
}

function urlProblems(url: string | undefined, key: string, production: boolean, stack: string): Problem[] {
  if (url === undefined || !production) return [];
  const mode = modeOf(url);
  if (mode === "disable" || encrypting.includes(mode ?? "")) return [];
  const message = `${mode === undefined ? "has no sslmode" : `has sslmode=${mode}`}, so the connection may be a plain one; end it with ?sslmode=verify-full, or ?sslmode=require where the server's certificate cannot be verified`;
  return [{ key, message, remedy: setSecretCommand(stack, key) }];
}

/** The mistake in the certificate of a database's authority, if there is one. */
export function authorityProblem(text: string): string | undefined {
  if (text.includes("PRIVATE KEY")) return "holds a private key; only the authority's certificate belongs here";
  return text.includes("-----BEGIN CERTIFICATE-----") ? undefined : "must be a certificate in PEM";
}

/** Makes the external database of the checked keys. */
export function externalDatabase(keys: CheckedKeys): ExternalDatabase | undefined {
  const { databaseUrl, databaseDirectUrl, databaseCa, databaseMaxConnections } = keys;
  if (databaseUrl === undefined) return undefined;
  const urls = [databaseUrl, ...(databaseDirectUrl === undefined ? [] : [databaseDirectUrl])];
  return {
    url: pulumi.secret(databaseUrl),
    port: portOf(databaseUrl),
    plain: urls.some((url) => modeOf(url) === "disable"),
    ...(databaseDirectUrl === undefined
      ? {}
      : { directUrl: pulumi.secret(databaseDirectUrl), directPort: portOf(databaseDirectUrl) }),
    ...(databaseCa === undefined ? {} : { authority: databaseCa }),
    ...(databaseMaxConnections === 0 ? {} : { maxConnections: databaseMaxConnections }),
  };
}

function modeOf(url: string): string | undefined {
  return /[?&]sslmode=([^&]*)/.exec(url)?.[1];
}

/** What follows the login, if there is one: a password may hold any character but these are escaped in it. */
function placeOf(url: string): string {
  return url.replace(/^[^:]+:\/\//, "").replace(/^.*@/, "");
}

function portOf(url: string): number {
  return Number(/^[^/?]*:(\d+)(?:[/?]|$)/.exec(placeOf(url))?.[1] ?? defaultPort);
}

/** Neon's poolers say so in their names: https://neon.com/docs/connect/connection-pooling */
function isPooler(url: string): boolean {
  return /^[^./:]*-pooler\./.test(placeOf(url)) || /[?&]pgbouncer=true/.test(url);
}
