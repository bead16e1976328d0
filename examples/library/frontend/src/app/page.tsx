import { redirect } from "next/navigation";
import { messageFor } from "@/lib/messages.ts";
import { currentToken } from "@/lib/session.ts";

interface Props {
  readonly searchParams: Promise<{ problem?: string | string[] }>;
}

/** The doors: one for members, one for who becomes one. Both are plain forms, and need no script. */
export default async function Start({ searchParams }: Props) {
  const { problem } = await searchParams;
  if (problem === undefined && (await currentToken()) !== undefined) redirect("/books");
  const message = messageFor(typeof problem === "string" ? problem : problem?.[0]);
  return (
    <>
      {message === undefined ? null : <p role="alert">{message}</p>}
      <Door title="Sign in" action="/api/session" password="current-password" />
      <Door title="Join" action="/api/members" password="new-password" />
    </>
  );
}

interface DoorProps {
  readonly title: string;
  readonly action: string;
  readonly password: "current-password" | "new-password";
}

function Door({ title, action, password }: DoorProps) {
  return (
    <form action={action} method="post" aria-label={title}>
      <h2>{title}</h2>
      <label>
        Name
        <input name="name" autoComplete="username" minLength={2} maxLength={40} required />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete={password} minLength={10} maxLength={200} required />
      </label>
      <button type="submit">{title}</button>
    </form>
  );
}
