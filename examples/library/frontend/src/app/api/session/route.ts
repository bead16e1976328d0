import { enter } from "@/lib/door.ts";

/** Signs in. */
export function POST(request: Request): Promise<Response> {
  return enter("/sessions", request);
}
