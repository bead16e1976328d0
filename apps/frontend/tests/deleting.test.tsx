import { screen, waitFor } from "@testing-library/react";
import { act } from "react";
import { describe, expect, it, vi } from "vitest";
import { NOTICE_DURATION } from "@/components/Toasts";
import { problem } from "./support/fake-api";
import { openWith, polite, titles, urgent } from "./support/page";

const forward = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

describe("deleting", () => {
  it("waits for the time to undo before it sends anything", async () => {
    const { api, user } = await openWith("Bread", "Milk");
    await user.click(screen.getByRole("button", { name: "Delete Bread" }));
    expect(titles()).toEqual(["Milk"]);
    expect(document.activeElement).toBe(screen.getByRole("checkbox", { name: "Milk" }));
    await forward(NOTICE_DURATION.undo - 1_000);
    expect(api.sent("DELETE")).toEqual([]);
    await forward(1_000);
    expect(api.sent("DELETE")).toEqual(["/api/todos/id-of-Bread"]);
    expect(titles()).toEqual(["Milk"]);
  });

  it("is undone by the button or by Control Z", async () => {
    const { api, user } = await openWith("Bread");
    await user.click(screen.getByRole("button", { name: "Delete Bread" }));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(titles()).toEqual(["Bread"]);
    await user.click(screen.getByRole("button", { name: "Delete Bread" }));
    act(() => (document.activeElement as HTMLElement).blur());
    await user.keyboard("{Control>}z{/Control}");
    expect(titles()).toEqual(["Bread"]);
    expect(polite().textContent).toBe("“Bread” is back.");
    await forward(2 * NOTICE_DURATION.undo);
    expect(api.sent("DELETE")).toEqual([]);
  });

  it("does not run out of time while the person is at the notice", async () => {
    const { api, user } = await openWith("Bread");
    await user.click(screen.getByRole("button", { name: "Delete Bread" }));
    await user.hover(screen.getByRole("button", { name: "Undo" }));
    await forward(3 * NOTICE_DURATION.undo);
    expect(api.sent("DELETE")).toEqual([]);
    expect(screen.getByRole("button", { name: "Undo" })).toBeTruthy();
  });

  it("sends the first deletion when a second one begins, and shows one notice", async () => {
    const { api, user } = await openWith("Bread", "Milk");
    await user.click(screen.getByRole("button", { name: "Delete Bread" }));
    await user.click(screen.getByRole("button", { name: "Delete Milk" }));
    expect(api.sent("DELETE")).toEqual(["/api/todos/id-of-Bread"]);
    expect(screen.getAllByRole("button", { name: "Undo" })).toHaveLength(1);
  });

  it("sends it when the page is closed before the time is up", async () => {
    const { api, user } = await openWith("Bread");
    await user.click(screen.getByRole("button", { name: "Delete Bread" }));
    act(() => void window.dispatchEvent(new Event("pagehide")));
    expect(api.requests.at(-1)).toMatchObject({ method: "DELETE", keepalive: true });
  });

  it("brings the todo back with the reason when the server refuses, but not when it was gone already", async () => {
    const { api, user } = await openWith("Bread", "Milk");
    api.trouble = (method) => (method === "DELETE" ? problem(503, { detail: "The database is away." }) : undefined);
    await user.click(screen.getByRole("button", { name: "Delete Bread" }));
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    await waitFor(() => expect(urgent().textContent).toBe("“Bread” was not deleted. The database is away."));
    expect(titles()).toEqual(["Bread", "Milk"]);
    api.trouble = undefined;
    api.todos = api.todos.slice(1);
    await user.click(screen.getByRole("button", { name: "Delete Bread" }));
    await forward(NOTICE_DURATION.undo);
    await waitFor(() => expect(titles()).toEqual(["Milk"]));
    expect(
      screen.queryByText("“Bread” was not deleted", { exact: false, selector: "section *" })?.textContent,
    ).not.toContain("no longer exists");
  });
});
