import { screen, waitFor } from "@testing-library/react";
import { act } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { REPEAT_DELAYS, request } from "@/lib/api/client";
import { newKey } from "@/lib/api/key";
import { broken, FakeApi, problem, todo } from "./support/fake-api";
import { openWith, polite, titles } from "./support/page";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ALL_DELAYS = REPEAT_DELAYS.reduce((sum, delay) => sum + delay);

describe("a request whose connection breaks", () => {
  beforeEach(() => void vi.useFakeTimers());

  /** The API answers this many requests with a broken connection. */
  function breaking(times: number): FakeApi {
    const api = new FakeApi(todo("Bread"));
    api.trouble = () => (api.requests.length <= times ? broken() : undefined);
    return api;
  }

  it("is sent again with the same key and body until there is an answer", async () => {
    const api = breaking(2);
    const answer = request("POST", "/api/todos", { body: { title: "Milk", notes: "" } });
    await vi.advanceTimersByTimeAsync(ALL_DELAYS);
    expect(await answer).toMatchObject({ title: "Milk" });
    expect(api.sent("POST")).toEqual(Array(3).fill('/api/todos {"title":"Milk","notes":""}'));
    expect(new Set(api.requests.map(({ key }) => key)).size).toBe(1);
    expect(api.requests[0]?.key).toMatch(UUID);
  });

  it("has failed after the last repetition, three seconds later", async () => {
    const api = breaking(9);
    const failure = expect(request("DELETE", "/api/todos/1")).rejects.toMatchObject({ kind: "offline" });
    await vi.advanceTimersByTimeAsync(ALL_DELAYS);
    await failure;
    expect(api.requests).toHaveLength(REPEAT_DELAYS.length + 1);
    expect(ALL_DELAYS).toBeLessThanOrEqual(3_000);
  });

  it("is a break in the middle of the answer too", async () => {
    const api = new FakeApi(todo("Bread"));
    const half = { ok: true, status: 200, headers: new Headers(), text: broken };
    api.trouble = () => (api.requests.length === 1 ? (half as unknown as Response) : undefined);
    const answer = request("GET", "/api/todos?limit=1&offset=0");
    await vi.advanceTimersByTimeAsync(ALL_DELAYS);
    expect(await answer).toMatchObject({ total: 1 });
  });

  it("is not sent again by a device that is offline", async () => {
    const api = breaking(9);
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    await expect(request("GET", "/api/version")).rejects.toMatchObject({ kind: "offline" });
    expect(api.requests).toHaveLength(1);
  });

  it("is told from an answer and from silence, which are not repeated", async () => {
    const api = new FakeApi();
    api.trouble = () => problem(503);
    await expect(request("POST", "/api/todos", { body: {} })).rejects.toMatchObject({ kind: "unavailable" });
    api.trouble = () => new Promise<Response>(() => {});
    const silent = expect(request("POST", "/api/todos", { body: {} })).rejects.toMatchObject({ kind: "timeout" });
    await vi.advanceTimersByTimeAsync(60_000);
    await silent;
    expect(api.requests).toHaveLength(2);
  });
});

describe("a key", () => {
  it("is a UUID of its own for each write, where the page is not served securely too", async () => {
    const { getRandomValues } = crypto;
    vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
    const keys = Array.from({ length: 200 }, newKey);
    expect(new Set(keys).size).toBe(200);
    for (const key of keys) expect(key).toMatch(UUID);
  });

  it("goes with each write and with no reading", async () => {
    const { api, user } = await openWith("Bread");
    await user.click(screen.getByRole("checkbox", { name: "Bread" }));
    await waitFor(() => expect(polite().textContent).toBe("Completed “Bread”."));
    await user.click(screen.getByRole("button", { name: "Delete Bread" }));
    act(() => void window.dispatchEvent(new Event("pagehide")));
    for (const { method, key } of api.requests) expect(key !== null, method).toBe(method !== "GET");
    expect(api.requests.filter(({ key }) => key !== null).map(({ method }) => method)).toEqual(["PATCH", "DELETE"]);
  });
});

describe("a todo that is added while the connection breaks", () => {
  it("is added as if nothing had been", async () => {
    const { api, user } = await openWith("Bread");
    api.trouble = (method) => (method === "POST" && api.sent("POST").length === 1 ? broken() : undefined);
    await user.type(screen.getByRole("textbox", { name: "New todo" }), "Milk{Enter}");
    await waitFor(() => expect(polite().textContent).toBe("Added “Milk”."));
    expect(titles()).toEqual(["Milk", "Bread"]);
    expect(api.sent("POST")).toHaveLength(2);
  });
});
