/** Why it cannot be told at once that nothing would change; then the update itself tells. */
export class Doubt extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "Doubt";
  }
}
