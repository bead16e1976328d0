import { cookies, headers } from "next/headers";
import { askBackend } from "./backend.ts";
import { isSecure } from "./request.ts";

const NAME = "library-session";

/** The token of whoever asks, as their browser sent it: the API judges it. */
export async function currentToken(): Promise<string | undefined> {
  return (await cookies()).get(NAME)?.value;
}

/** Forgets the token. */
export async function endSession(): Promise<void> {
  (await cookies()).delete(NAME);
}

/**
 * Hands name and password to the API, and keeps the token that it gives where no script of a page can read it.
 *
 * @param door - `/sessions` for members, `/members` for who becomes one.
 * @returns The API's status.
 */
export async function startSession(door: "/sessions" | "/members", form: FormData): Promise<number> {
  const credentials = { name: form.get("name"), password: form.get("password") };
  const { status, body } = await askBackend(door, { method: "POST", body: credentials });
  if (isTicket(body)) {
    (await cookies()).set(NAME, body.token, {
      httpOnly: true,
      sameSite: "lax",
      secure: isSecure(await headers()),
      path: "/",
      maxAge: body.expires_in,
    });
  }
  return status;
}

function isTicket(body: unknown): body is { token: string; expires_in: number } {
  return typeof body === "object" && body !== null && "token" in body && "expires_in" in body;
}
