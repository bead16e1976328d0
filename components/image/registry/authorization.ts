import { isLoopback } from "./address.ts";
import type { Login } from "./login.ts";

/** How a registry wants to be asked: https://www.rfc-editor.org/rfc/rfc9110#field.www-authenticate */
export interface Challenge {
  /** `basic` or `bearer`. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Asks over HTTP; `fetch` with a bound in time. */
export type Ask = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Reads the header `WWW-Authenticate`. */
export function parseChallenge(header: string): Challenge {
  const [, scheme = "", rest = ""] = /^\s*(\S+)\s*(.*)$/s.exec(header) ?? [];
  const parameters = [...rest.matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(
    ([, name = "", quoted, plain = ""]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain] as const,
  );
  return { scheme: scheme.toLowerCase(), parameters: Object.fromEntries(parameters) };
}

/**
 * The header `Authorization` that answers a challenge; of the two ways in which registries are asked, a token is drawn for
 * this one repository: https://distribution.github.io/distribution/spec/auth/token/
 *
 * @param login - Absent: as anybody.
 * @throws Error where there is no answer, told without the login.
 */
export async function answerChallenge(
  { scheme, parameters }: Challenge,
  login: Login | undefined,
  ask: Ask,
): Promise<string> {
  if (scheme === "basic" && login !== undefined && "password" in login) return basic(login);
  if (scheme !== "bearer") throw new Error("it wants a login");
  const realm = new URL(parameters.realm ?? "");
  if (realm.protocol !== "https:" && !isLoopback(realm.host)) {
    throw new Error(`it wants the login at ${realm.origin}, without encryption`);
  }
  const response = await drawToken(realm, parameters, login, ask);
  if (!response.ok) throw new Error(`${realm.host} refuses the login (${response.status})`);
  const { token, access_token } = (await response.json()) as { token?: string; access_token?: string };
  return `Bearer ${token ?? access_token ?? ""}`;
}

function drawToken(
  realm: URL,
  { service = "", scope = "" }: Challenge["parameters"],
  login: Login | undefined,
  ask: Ask,
): Promise<Response> {
  if (login !== undefined && "identityToken" in login) {
    const grant = { grant_type: "refresh_token", refresh_token: login.identityToken, client_id: "todo-stack" };
    return ask(realm, { method: "POST", body: new URLSearchParams({ ...grant, service, scope }) });
  }
  if (service !== "") realm.searchParams.set("service", service);
  if (scope !== "") realm.searchParams.set("scope", scope);
  return ask(realm, login === undefined ? {} : { headers: { Authorization: basic(login) } });
}

function basic({ username, password }: Extract<Login, { password: string }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
