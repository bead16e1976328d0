// @vitest-environment node
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { contentSecurityPolicy, contentTime, inlineScriptHashes } from "../tools/finish-export";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

describe("the content security policy", () => {
  it("admits exactly the inline scripts of the pages, each once", () => {
    const page = `<script src="/a.js" async=""></script><script>one()</script><script id="x">two("</p>")</script>`;
    expect(inlineScriptHashes(page)).toEqual([hash("one()"), hash('two("</p>")')]);
    const policy = contentSecurityPolicy({ a: page, b: "<script>one()</script>" });
    expect(policy.split(hash("one()"))).toHaveLength(2);
    expect(policy).not.toContain("unsafe");
  });

  it("refuses an export with inline styles, and names the file", () => {
    expect(() => contentSecurityPolicy({ "a.html": '<p style="color:red">' })).toThrow(/a\.html has an inline style/);
    expect(() => contentSecurityPolicy({ "a.html": "<style>p{}</style>" })).toThrow(/inline style/);
    expect(() => contentSecurityPolicy({ "a.html": `<script>"<p style=\\"\\">"</script>` })).not.toThrow();
  });
});

describe("the time of a file", () => {
  it("is its content's: equal for equal ones, another for others of the same size, and always past", () => {
    const times = ["one", "two", "one"].map((text) => contentTime(Buffer.from(text)));
    expect(times[0]).toBe(times[2]);
    expect(times[0]).not.toBe(times[1]);
    // sha256sum of "one" begins with 7692c3a.
    expect(times[0]).toBe(0x7692c3a);
    expect(Math.max(...times)).toBeLessThan(2 ** 28);
  });
});
