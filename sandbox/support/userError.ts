/** An error made for the person who runs the command: what was wrong and what mends it, no stack trace needed. */
export class UserError extends Error {
  override name = "UserError";
}
