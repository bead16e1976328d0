import assert from "node:assert/strict";
import { test } from "node:test";
import { messageFor } from "../src/lib/messages.ts";
import { isOwnRequest, isSecure, seeOther } from "../src/lib/request.ts";
import { type Book, whereabouts } from "../src/lib/shelf.ts";

const host = "library.example";

test("a form of these pages is told from one of another site", () => {
  assert.equal(isOwnRequest(new Headers({ host, "sec-fetch-site": "same-origin" })), true);
  assert.equal(isOwnRequest(new Headers({ host, "sec-fetch-site": "same-site" })), false);
  assert.equal(isOwnRequest(new Headers({ host, "sec-fetch-site": "cross-site", origin: `https://${host}` })), false);
  assert.equal(isOwnRequest(new Headers({ host, origin: `http://${host}` })), true);
  assert.equal(isOwnRequest(new Headers({ host, origin: "http://another.example" })), false);
  assert.equal(isOwnRequest(new Headers({ host, origin: "null" })), false);
  assert.equal(isOwnRequest(new Headers({ host })), true);
});

test("the browser's protocol is the one that the first in front of the server saw", () => {
  assert.equal(isSecure(new Headers({ "x-forwarded-proto": "https, http" })), true);
  assert.equal(isSecure(new Headers({ "x-forwarded-proto": "http" })), false);
  assert.equal(isSecure(new Headers()), false);
});

test("a browser is sent on by a relative address", () => {
  const { status, headers } = seeOther("/books");
  assert.deepEqual([status, headers.get("location")], [303, "/books"]);
});

test("every problem has its sentence", () => {
  assert.equal(messageFor(undefined), undefined);
  assert.match(messageFor("401") ?? "", /do not belong together/);
  assert.match(messageFor("constructor") ?? "", /closed/);
});

test("a book is somewhere", () => {
  const book: Book = { id: 1, title: "Emma", author: "Jane Austen", year: 1815, state: "here", due_on: null };
  const states = [
    book,
    { ...book, state: "yours", due_on: "2030-01-02" } as const,
    { ...book, state: "lent" } as const,
  ];
  assert.deepEqual(states.map(whereabouts), ["on the shelf", "yours until 2030-01-02", "lent"]);
});
