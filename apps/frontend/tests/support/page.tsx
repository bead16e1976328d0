import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import { expect, vi } from "vitest";
import { TodoApp } from "@/components/TodoApp";
import { FakeApi, todo } from "./fake-api";

/** Opens the page. Time runs by itself and can be moved forward by `vi.advanceTimersByTimeAsync`. */
export function openPage(): UserEvent {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const user = userEvent.setup({ advanceTimers: (milliseconds) => vi.advanceTimersByTime(milliseconds) });
  render(<TodoApp />);
  return user;
}

/** The titles on the page, from above. */
export function titles(): (string | null)[] {
  const list = screen.queryByRole("list", { name: "Your todos" });
  return list === null
    ? []
    : within(list)
        .getAllByRole("checkbox")
        .map((box) => box.parentElement?.querySelector("label")?.textContent ?? null);
}

/** Opens the page on an API that holds todos of these titles, and waits until they are listed. */
export async function openWith(...todos: string[]) {
  const api = new FakeApi(...todos.map((title) => todo(title)));
  const user = openPage();
  await waitFor(() => expect(titles()).toEqual(todos));
  return { api, user };
}

export const polite = () => screen.getByRole("status");
/** The live region for what cannot wait; a field's own message is an alert too. */
export const urgent = () => screen.getAllByRole("alert").at(-1) as HTMLElement;

/** No fault that axe can find without a layout: contrast is measured in a browser. */
export async function expectAccessible(): Promise<void> {
  vi.useRealTimers();
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(", ")}`)).toEqual([]);
}
