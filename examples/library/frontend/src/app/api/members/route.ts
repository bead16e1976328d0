import { enter } from "@/lib/door.ts";

/** Joins, and signs in. */
export function POST(request: Request): Promise<Response> {
  return enter("/members", request);
}
