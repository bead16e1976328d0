/** What a right answer is: the status and the content. */

/** What the page's HTML must hold. */
const MARKER = "<title>Todo</title>";

export const isPage = ({ status, body }) => status === 200 && body?.includes(MARKER);

export const isAsset = ({ status, body }, { length, end }) =>
  status === 200 && body?.length === length && body.endsWith(end);

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
