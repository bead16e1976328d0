import { isOwnRequest, seeOther } from "@/lib/request.ts";
import { endSession } from "@/lib/session.ts";

/** Signs out. */
export async function POST(request: Request): Promise<Response> {
  if (isOwnRequest(request.headers)) await endSession();
  return seeOther("/");
}
