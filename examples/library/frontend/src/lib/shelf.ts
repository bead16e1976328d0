/** A book as the API tells one member of it. */
export interface Book {
  readonly id: number;
  readonly title: string;
  readonly author: string;
  readonly year: number;
  readonly state: "here" | "yours" | "lent";
  readonly due_on: string | null;
}

/** A letter that the postman, a worker beside the API, has brought. */
export interface Letter {
  readonly text: string;
  readonly posted_at: string;
}

/** Where a book is, in words. */
export function whereabouts({ state, due_on }: Book): string {
  if (state === "here") return "on the shelf";
  return state === "yours" ? `yours until ${due_on}` : "lent";
}
