/** What a right answer is: the status and the content. */

/** What the page's HTML must hold. */
const MARKER = "<title>Todo</title>";

export const isPage = ({ status, body }) => status === 200 && body?.includes(MARKER);

/** Of a version that came later nothing is known but that it is a script or a style sheet. */
export const isFile =
  (known) =>
  ({ status, headers, body }) => {
    if (status !== 200 || !/javascript|css/.test(headers["Content-Type"])) return false;
    return known === undefined ? body?.length > 0 : body?.length === known.length && body.endsWith(known.end);
  };

export const isTodo = (status, wanted) => (answer) => {
  if (answer.status !== status) return false;
  const todo = parsed(answer);
  const isSame = wanted.id === undefined ? typeof todo?.id === "string" : todo?.id === wanted.id;
  return isSame && todo.title === wanted.title && todo.completed === wanted.completed;
};

export function isList(answer) {
  const items = answer.status === 200 && parsed(answer)?.items;
  return Array.isArray(items) && items.length > 0 && items.length <= 20 && items.every(({ title }) => title !== "");
}

/** The answer's document; `undefined` where it is none. */
function parsed(answer) {
  try {
    return answer.json();
  } catch {
    return undefined;
  }
}
