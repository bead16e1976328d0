import { screen, waitFor, within } from "@testing-library/react";
import { act } from "react";
import { describe, expect, it, vi } from "vitest";
import { POLL_INTERVAL } from "@/lib/todos/useListing";
import { broken, FakeApi, later, problem, todo } from "./support/fake-api";
import { expectAccessible, openPage, polite, titles, urgent } from "./support/page";

const DATABASE_AWAY = "The database cannot be reached at the moment.";
const away = () => problem(503, { title: "Database unavailable", detail: DATABASE_AWAY });
const forward = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

describe("the list", () => {
  it("shows a skeleton until the first answer, then the todos, their counts, the version and the title", async () => {
    const api = new FakeApi(todo("Bread"), todo("Milk", { completed: true, notes: "Oat" }));
    const first = later();
    api.trouble = (_, path) => (path.startsWith("/api/todos") ? first.response : undefined);
    openPage();
    expect(screen.getByText("Loading your todos…")).toBeTruthy();
    expect(screen.getByRole("region", { name: "Your todos" }).getAttribute("aria-busy")).toBe("true");
    api.trouble = undefined;
    first.answer(Response.json({ items: api.todos, total: 2 }));
    await waitFor(() => expect(titles()).toEqual(["Bread", "Milk"]));
    expect(screen.queryByText("Loading your todos…")).toBeNull();
    expect(screen.getByText("Oat")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Completed 1" })).toBeTruthy();
    expect(await screen.findByText("Version 1.2.3")).toBeTruthy();
    expect(document.title).toBe("(1) Todo");
    await expectAccessible();
  });

  it("says that there is nothing yet", async () => {
    new FakeApi();
    openPage();
    expect(await screen.findByText("Nothing to do yet")).toBeTruthy();
    expect(screen.queryByRole("group", { name: "Show" })).toBeNull();
    await expectAccessible();
  });

  it("filters, with a word for a filter that lets nothing through", async () => {
    new FakeApi(todo("Bread"), todo("Milk"));
    const user = openPage();
    await user.click(await screen.findByRole("button", { name: "Active 2" }));
    expect(titles()).toEqual(["Bread", "Milk"]);
    expect(polite().textContent).toBe("2 todos shown.");
    await user.click(screen.getByRole("button", { name: "Completed 0" }));
    expect(titles()).toEqual([]);
    expect(screen.getByText("Nothing completed yet")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Completed 0" }).getAttribute("aria-pressed")).toBe("true");
    await user.click(screen.getByRole("button", { name: "All 2" }));
    await user.click(screen.getByRole("checkbox", { name: "Milk" }));
    await user.click(screen.getByRole("checkbox", { name: "Bread" }));
    await user.click(screen.getByRole("button", { name: "Active 0" }));
    expect(screen.getByText("All done")).toBeTruthy();
  });

  it("reads long lists page by page and keeps what slipped between two pages once", async () => {
    const api = new FakeApi(...Array.from({ length: 450 }, (_, index) => todo(`No ${index}`)));
    openPage();
    await screen.findByRole("button", { name: "All 450" });
    expect(api.sent("GET").filter((path) => path.includes("todos"))).toEqual([
      "/api/todos?limit=200&offset=0",
      "/api/todos?limit=200&offset=200",
      "/api/todos?limit=200&offset=400",
    ]);
    const slipped = [todo("No 199"), ...api.todos.slice(200, 399)];
    api.trouble = (_, path) =>
      path.endsWith("offset=200") ? Response.json({ items: slipped, total: 451 }) : undefined;
    await forward(POLL_INTERVAL);
    await screen.findByRole("button", { name: "All 449" });
  });

  it("sees what was changed elsewhere", async () => {
    const api = new FakeApi(todo("Bread"));
    openPage();
    await waitFor(() => expect(titles()).toEqual(["Bread"]));
    api.todos = [todo("Cake"), ...api.todos];
    await forward(POLL_INTERVAL);
    await waitFor(() => expect(titles()).toEqual(["Cake", "Bread"]));
  });
});

describe("a list that cannot be read", () => {
  it("shows the problem in its own words and recovers by itself within 10 s", async () => {
    const api = new FakeApi(todo("Bread"));
    api.trouble = away;
    openPage();
    expect(await screen.findByRole("heading", { name: "Your todos can’t be reached" })).toBeTruthy();
    expect(within(screen.getByRole("main")).getByText(DATABASE_AWAY)).toBeTruthy();
    await waitFor(() => expect(urgent().textContent).toBe(DATABASE_AWAY));
    await forward(60_000);
    expect(titles()).toEqual([]);
    api.trouble = undefined;
    await forward(10_000);
    await waitFor(() => expect(titles()).toEqual(["Bread"]));
    await waitFor(() => expect(polite().textContent).toBe("Connected again."));
    expect(await screen.findByText("Version 1.2.3")).toBeTruthy();
    await expectAccessible();
  });

  it("recovers within 10 s from a server that accepts and never answers", async () => {
    const api = new FakeApi(todo("Bread"));
    api.trouble = () => new Promise<Response>(() => {});
    openPage();
    await forward(8_000);
    await waitFor(() => expect(urgent().textContent).toBe("The server took too long to answer."));
    // In the middle of an attempt, which has to be given up first.
    await forward(38_000);
    api.trouble = undefined;
    await forward(10_000);
    await waitFor(() => expect(titles()).toEqual(["Bread"]));
  });

  it("keeps the list in sight under a banner when the connection is lost later", async () => {
    const api = new FakeApi(todo("Bread"));
    const user = openPage();
    await waitFor(() => expect(titles()).toEqual(["Bread"]));
    api.trouble = broken;
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    act(() => void window.dispatchEvent(new Event("offline")));
    const banner = await screen.findByRole("region", { name: "Connection" });
    expect(banner.textContent).toContain("You are not connected.");
    expect(titles()).toEqual(["Bread"]);
    await expectAccessible();
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const asked = api.requests.length;
    await user.click(within(banner).getByRole("button", { name: "Try now" }));
    expect(api.requests.length).toBeGreaterThan(asked);
    api.trouble = undefined;
    online.mockReturnValue(true);
    act(() => void window.dispatchEvent(new Event("online")));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Connection" })).toBeNull());
  });

  it("says that it is trying until the attempt has failed", async () => {
    const api = new FakeApi();
    api.trouble = away;
    const user = openPage();
    const button = await screen.findByRole("button", { name: "Try now" });
    const attempt = later();
    api.trouble = () => attempt.response;
    await user.click(button);
    expect(button.textContent).toBe("Trying…");
    attempt.answer(away());
    await waitFor(() => expect(button.textContent).toBe("Try now"));
  });

  it("gives a reference for what only the server's log can explain", async () => {
    const api = new FakeApi();
    api.trouble = () => problem(500, { title: "Internal error", request_id: "r-42" });
    openPage();
    expect((await screen.findAllByText("Internal error. Reference: r-42")).length).toBeGreaterThan(0);
  });

  it("rests while the page is hidden and reads when it is seen again", async () => {
    const api = new FakeApi(todo("Bread"));
    openPage();
    await screen.findByText("Version 1.2.3");
    const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    const asked = api.requests.length;
    await forward(5 * POLL_INTERVAL);
    expect(api.requests.length).toBe(asked);
    visibility.mockReturnValue("visible");
    act(() => void document.dispatchEvent(new Event("visibilitychange")));
    expect(api.requests.length).toBe(asked + 1);
  });
});
