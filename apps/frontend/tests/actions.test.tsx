import { screen, waitFor } from "@testing-library/react";
import { act } from "react";
import { describe, expect, it, vi } from "vitest";
import { later, problem, todo } from "./support/fake-api";
import { expectAccessible, openWith, polite, titles, urgent } from "./support/page";

const newTitle = () => screen.getByRole<HTMLInputElement>("textbox", { name: "New todo" });
const refusal = () =>
  problem(422, { title: "Invalid", errors: [{ field: "title", message: "This word is not allowed." }] });
const forward = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

describe("adding", () => {
  it("shows the todo before the server has answered, trims it and keeps the focus for the next one", async () => {
    const { api, user } = await openWith("Bread");
    const answer = later();
    api.trouble = (method) => (method === "POST" ? answer.response : undefined);
    await user.type(newTitle(), "  Milk ");
    await user.type(screen.getByRole("textbox", { name: "Notes" }), "Oat{Control>}{Enter}{/Control}");
    expect(titles()).toEqual(["Milk", "Bread"]);
    expect(screen.getByText("Saving…")).toBeTruthy();
    expect(newTitle().value).toBe("");
    expect(document.activeElement).toBe(newTitle());
    expect(api.sent("POST")).toEqual(['/api/todos {"title":"Milk","notes":"Oat"}']);
    answer.answer(Response.json(todo("Milk", { notes: "Oat" }), { status: 201 }));
    await waitFor(() => expect(polite().textContent).toBe("Added “Milk”."));
    expect(titles()).toEqual(["Milk", "Bread"]);
    expect(screen.queryByText("Saving…")).toBeNull();
  });

  it("asks for a title instead of sending none", async () => {
    const { api, user } = await openWith("Bread");
    await user.type(newTitle(), "   {Enter}");
    expect(screen.getByText("Write a title first.")).toBeTruthy();
    expect(newTitle().getAttribute("aria-invalid")).toBe("true");
    expect(api.sent("POST")).toEqual([]);
    await expectAccessible();
  });

  it("takes a refused todo back with the server's words and returns the text to the field", async () => {
    const { api, user } = await openWith("Bread");
    api.trouble = (method) => (method === "POST" ? refusal() : undefined);
    await user.type(newTitle(), "Milk{Enter}");
    await waitFor(() => expect(urgent().textContent).toBe("“Milk” was not added. This word is not allowed."));
    expect(titles()).toEqual(["Bread"]);
    expect(newTitle().value).toBe("Milk");
  });
});

describe("completing", () => {
  it("shows it at once and says it", async () => {
    const { api, user } = await openWith("Bread");
    await user.click(screen.getByRole("checkbox", { name: "Bread" }));
    expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "Bread" }).checked).toBe(true);
    await waitFor(() => expect(polite().textContent).toBe("Completed “Bread”."));
    expect(api.sent("PATCH")).toEqual(['/api/todos/id-of-Bread {"completed":true}']);
    expect(screen.getByText("of 1", { exact: false })).toBeTruthy();
  });

  it("takes it back when the database is away, and tells both", async () => {
    const { api, user } = await openWith("Bread");
    api.trouble = () => problem(503, { detail: "The database is away." });
    await user.click(screen.getByRole("checkbox", { name: "Bread" }));
    await waitFor(() => expect(screen.getByRole("region", { name: "Connection" })).toBeTruthy());
    expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "Bread" }).checked).toBe(false);
    expect(await screen.findByText("“Bread” was not changed. The database is away.")).toBeTruthy();
  });

  it("sends quick changes of one todo in their order", async () => {
    const { api, user } = await openWith("Bread");
    const first = later();
    api.trouble = (method) => (method === "PATCH" ? first.response : undefined);
    await user.click(screen.getByRole("checkbox", { name: "Bread" }));
    await user.click(screen.getByRole("checkbox", { name: "Bread" }));
    expect(api.sent("PATCH")).toHaveLength(1);
    api.trouble = undefined;
    first.answer(Response.json(todo("Bread", { completed: true })));
    await waitFor(() => expect(api.sent("PATCH")).toHaveLength(2));
    await waitFor(() => expect(polite().textContent).toBe("“Bread” is active again."));
    expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "Bread" }).checked).toBe(false);
  });

  it("hands the focus to the next row when the row leaves the filter, and to the new todo after the last", async () => {
    const { user } = await openWith("Bread", "Milk");
    await user.click(screen.getByRole("button", { name: "Active 2" }));
    screen.getByRole("checkbox", { name: "Bread" }).focus();
    await user.keyboard(" ");
    expect(document.activeElement).toBe(screen.getByRole("checkbox", { name: "Milk" }));
    await user.keyboard(" ");
    expect(document.activeElement).toBe(newTitle());
  });

  it("does not let a list that was read meanwhile undo it", async () => {
    const { api, user } = await openWith("Bread");
    const stale = later();
    api.trouble = (method, path) => (method === "GET" && path.includes("todos") ? stale.response : undefined);
    act(() => void window.dispatchEvent(new Event("online")));
    const before = [...api.todos];
    await user.click(screen.getByRole("checkbox", { name: "Bread" }));
    await waitFor(() => expect(polite().textContent).toBe("Completed “Bread”."));
    api.trouble = undefined;
    stale.answer(Response.json({ items: before, total: 1 }));
    await forward(100);
    expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "Bread" }).checked).toBe(true);
  });
});

describe("editing", () => {
  it("changes title and notes, and returns the focus to where it began", async () => {
    const { api, user } = await openWith("Bread");
    await user.click(screen.getByRole("button", { name: "Edit Bread" }));
    const title = screen.getByRole("textbox", { name: "Title" });
    expect(document.activeElement).toBe(title);
    await expectAccessible();
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await user.clear(title);
    await user.type(title, "Rye bread");
    await user.type(screen.getByRole("textbox", { name: "Notes" }), "Sliced");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(titles()).toEqual(["Rye bread"]);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Edit Rye bread" }));
    await waitFor(() => expect(polite().textContent).toBe("Saved “Rye bread”."));
    expect(api.sent("PATCH")).toEqual(['/api/todos/id-of-Bread {"title":"Rye bread","notes":"Sliced"}']);
  });

  it("leaves all as it was on Escape", async () => {
    const { api, user } = await openWith("Bread");
    await user.click(screen.getByRole("button", { name: "Edit Bread" }));
    await user.keyboard("er{Escape}");
    expect(titles()).toEqual(["Bread"]);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Edit Bread" }));
    expect(api.sent("PATCH")).toEqual([]);
  });

  it("does not save an empty title, nor send what did not change", async () => {
    const { api, user } = await openWith("Bread");
    await user.click(screen.getByRole("button", { name: "Edit Bread" }));
    await user.clear(screen.getByRole("textbox", { name: "Title" }));
    await user.keyboard("{Enter}");
    expect(screen.getByText("A todo needs a title.")).toBeTruthy();
    await user.keyboard("Bread{Enter}");
    expect(titles()).toEqual(["Bread"]);
    expect(api.sent("PATCH")).toEqual([]);
  });

  it("opens again with the text and the reason when the server refuses", async () => {
    const { api, user } = await openWith("Bread");
    api.trouble = (method) => (method === "PATCH" ? refusal() : undefined);
    await user.click(screen.getByRole("button", { name: "Edit Bread" }));
    await user.keyboard("!{Enter}");
    const title = await screen.findByRole<HTMLInputElement>("textbox", { name: "Title" });
    expect(title.value).toBe("Bread!");
    expect(screen.getByText("This word is not allowed.")).toBeTruthy();
  });

  it("says that a todo was deleted elsewhere, and shows the list as it is", async () => {
    const { api, user } = await openWith("Bread", "Milk");
    api.todos = api.todos.slice(1);
    await user.click(screen.getByRole("checkbox", { name: "Bread" }));
    await waitFor(() => expect(urgent().textContent).toContain("This todo no longer exists."));
    await waitFor(() => expect(titles()).toEqual(["Milk"]));
  });
});
