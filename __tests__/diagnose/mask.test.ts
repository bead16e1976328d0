import { expect, test } from "@jest/globals";
import { masksOf, maskTree } from "../../commands/diagnose/mask.ts";

const encoded = (text: string): string => Buffer.from(text).toString("base64");
const secret = (data: Readonly<Record<string, string>>, type = "Opaque") => ({
  type,
  metadata: { name: "one" },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encoded(value)])),
});

const { everywhere, inText } = masksOf([
  secret({ DATABASE_URL: "postgresql://todo_1a:s3cret%2Fword@todo-database:5432/todo", TOKEN: 'line one\n"line two"' }),
  secret({ PIN: "todo", BIT: "1" }),
  secret({ release: "H4sIAAAAAAAC" }, "helm.sh/release.v1"),
]);

test("a value is masked as it is, encoded, in JSON, in a URL, and of a URL its password", () => {
  const url = "postgresql://todo_1a:s3cret%2Fword@todo-database:5432/todo";
  expect(everywhere(`at ${url}!`)).toBe("at (masked)!");
  expect(everywhere(encoded(url))).toBe("(masked)");
  expect(everywhere(encodeURIComponent(url))).toBe("(masked)");
  expect(everywhere("user=todo_1a password=s3cret%2Fword or s3cret/word")).toBe(
    "user=todo_1a password=(masked) or (masked)",
  );
  expect(everywhere(JSON.stringify({ message: 'line one\n"line two"' }))).toBe('{"message":"(masked)"}');
});

test("a short value is masked as a word of a text, and names stay", () => {
  expect(everywhere("Service todo, pod todo-backend")).toBe("Service todo, pod todo-backend");
  expect(inText("the PIN is todo, in todo-backend, 1 time")).toBe("the PIN is (masked), in todo-backend, 1 time");
});

test("a password in a URL is masked also where no Secret holds it any more", () => {
  expect(everywhere("connect postgresql://todo_2b:older-password@host/todo")).toBe(
    "connect postgresql://todo_2b:(masked)@host/todo",
  );
});

test("Helm's own Secrets hold no values, and every text of a tree is masked", () => {
  expect(everywhere("H4sIAAAAAAAC")).toBe("H4sIAAAAAAAC");
  expect(maskTree({ logs: [{ now: "s3cret%2Fword" }], count: 2 }, everywhere)).toEqual({
    logs: [{ now: "(masked)" }],
    count: 2,
  });
});
