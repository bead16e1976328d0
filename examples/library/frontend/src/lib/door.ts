import { isOwnRequest, seeOther } from "./request.ts";
import { startSession } from "./session.ts";

/** Answers the form of a door into the library: on to the books, or back with what was wrong. */
export async function enter(door: "/sessions" | "/members", request: Request): Promise<Response> {
  if (!isOwnRequest(request.headers)) return seeOther("/?problem=403");
  const status = await startSession(door, await request.formData());
  return seeOther(status < 300 ? "/books" : `/?problem=${status}`);
}
