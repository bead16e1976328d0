export const dynamic = "force-dynamic";

/** Whether this server answers; not whether the API does, or pages would go whenever it does. */
export function GET(): Response {
  return Response.json({ status: "ok" });
}
