import { redirect } from "next/navigation";
import { askBackend } from "@/lib/backend.ts";
import { currentToken } from "@/lib/session.ts";
import { type Book, type Letter, whereabouts } from "@/lib/shelf.ts";
import { borrow, bringBack } from "./actions.ts";

/** For members: this server asks the API with the token of their cookie, and sends whoever has none, or an old one, to the door. */
export default async function Books() {
  const token = await currentToken();
  const [books, letters] = await Promise.all([askBackend("/books", { token }), askBackend("/letters", { token })]);
  if (books.status === 401) redirect(token === undefined ? "/" : "/?problem=expired");
  if (books.status !== 200 || letters.status !== 200) redirect("/?problem=503");
  return (
    <>
      <ul className="shelf">
        {(books.body as readonly Book[]).map((book) => (
          <Row key={book.id} book={book} />
        ))}
      </ul>
      <h2>Letters to you</h2>
      <Letters letters={letters.body as readonly Letter[]} />
      <form action="/api/logout" method="post">
        <button type="submit">Sign out</button>
      </form>
    </>
  );
}

function Row({ book }: { readonly book: Book }) {
  return (
    <li>
      <span>
        <cite>{book.title}</cite>, {book.author}, {book.year}: {whereabouts(book)}
      </span>
      {book.state === "lent" ? null : (
        <form action={book.state === "here" ? borrow : bringBack}>
          <input type="hidden" name="book" value={book.id} />
          <button type="submit" aria-label={`${book.state === "here" ? "Borrow" : "Bring back"} ${book.title}`}>
            {book.state === "here" ? "Borrow" : "Bring back"}
          </button>
        </form>
      )}
    </li>
  );
}

function Letters({ letters }: { readonly letters: readonly Letter[] }) {
  if (letters.length === 0) return <p>None yet. The postman is on the way when you have borrowed a book.</p>;
  return (
    <ol>
      {letters.map(({ text, posted_at }) => (
        <li key={posted_at}>{text}</li>
      ))}
    </ol>
  );
}
