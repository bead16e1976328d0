"use server";

import { revalidatePath } from "next/cache";
import { askBackend } from "@/lib/backend.ts";
import { currentToken } from "@/lib/session.ts";

/** Takes a book from the shelf. Next.js itself refuses server actions that another site asks for. */
export async function borrow(form: FormData): Promise<void> {
  await change("POST", form);
}

/** Puts it back. */
export async function bringBack(form: FormData): Promise<void> {
  await change("DELETE", form);
}

/** Whatever came of it, the page is made anew and shows it: the book may be gone meanwhile. */
async function change(method: "POST" | "DELETE", form: FormData): Promise<void> {
  const book = Number(form.get("book"));
  if (Number.isSafeInteger(book)) await askBackend(`/books/${book}/loan`, { method, token: await currentToken() });
  revalidatePath("/books");
}
