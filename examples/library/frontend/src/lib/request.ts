/**
 * Whether a form or a script of these pages sent a request. The cookie is withheld from other sites' requests by its
 * `SameSite`; this also keeps them from signing somebody in under a name of their choice.
 *
 * @param headers - Browsers send `Sec-Fetch-Site` by HTTPS and to this machine, and `Origin` by plain HTTP too; other
 *   programs send neither, and have no cookies of somebody else.
 */
export function isOwnRequest(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin");
  return origin === null || URL.parse(origin)?.host === headers.get("host");
}

/** Whether the browser came by HTTPS, which ends at whatever is in front of this server. */
export function isSecure(headers: Headers): boolean {
  return headers.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https";
}

/**
 * Sends the browser to another page of this server. The address is relative: within a cluster, the server does not know
 * the one that the browser has.
 */
export function seeOther(path: `/${string}`): Response {
  return new Response(null, { status: 303, headers: { location: path } });
}
