/** What the start page says, by the API's status or one word: nothing else comes from an address into a page. */
const messages: ReadonlyMap<string, string> = new Map([
  ["401", "Name and password do not belong together."],
  ["403", "That form was sent from another site."],
  ["409", "That name is taken."],
  ["422", "A name has 2 to 40 letters and digits, a password at least 10 characters."],
  ["expired", "Your visit has ended. Sign in again."],
]);

/** The sentence for a problem; whatever else there may be is told as a break. */
export function messageFor(problem: string | undefined): string | undefined {
  if (problem === undefined) return undefined;
  return messages.get(problem) ?? "The library is closed at the moment. Try again soon.";
}
