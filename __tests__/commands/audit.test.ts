import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { type Audit, audits, exampleFolders, judge } from "../../commands/testing/audit.ts";

const registry = "https://registry.example";

/** What the commands printed when a server on this machine answered in their registry's place. */
const printed = {
  npm: {
    clean: "found 0 vulnerabilities\n",
    found:
      "# npm audit report\n\nzod  \nSeverity: high\nmade up - https://example.com/a\n\n1 high severity vulnerability\n",
    refused: `npm warn audit 405 Method Not Allowed - POST ${registry}/-/npm/v1/security/advisories/bulk\n\nnpm error audit endpoint returned an error\nnpm error A complete log of this run can be found in: /logs/debug-0.log\n`,
    unreachable: `npm warn audit request to ${registry}/-/npm/v1/security/advisories/bulk failed, reason: connect ECONNREFUSED 127.0.0.1:443\nundefined\nnpm error audit endpoint returned an error\n`,
    broken: "npm error code ENOLOCK\nnpm error audit This command requires an existing lockfile.\n",
  },
  pnpm: {
    clean: "No known vulnerabilities found\n",
    found: "│ high                │ made up               │\n1 vulnerabilities found\nSeverity: 1 high\n",
    refused: `Error: ERR_PNPM_AUDIT_BAD_RESPONSE\n\n  × The audit endpoint (at ${registry}/-/npm/v1/\n  │ security/advisories/bulk) responded with 405:\n`,
    unreachable: `Error: ERR_PNPM_AUDIT_BAD_RESPONSE\n\n  × Failed to request the audit endpoint (at ${registry}/-/npm/v1/\n  │ security/advisories/bulk): error sending request for url\n  ╰─▶ Connection refused (os error 111)\n`,
    broken: "Error: ERR_PNPM_AUDIT_NO_LOCKFILE\n\n  × No pnpm-lock.yaml found\n",
  },
  uv: {
    clean: "Found no known vulnerabilities and no adverse project statuses in 24 packages\n",
    found:
      "Found 1 known vulnerability and no adverse project statuses in 24 packages\n\nalembic 1.20.1 has 1 known vulnerability:\n",
    refused: `error: HTTP status client error (405 Method Not Allowed) for url (${registry}/v1/querybatch)\n`,
    unreachable: `error: Request failed after 3 retries\n  cause: error sending request for url (${registry}/v1/querybatch)\n  cause: client error (Connect)\n  cause: dns error\n`,
    broken: "error: Unable to find lockfile at `uv.lock`, but `--frozen` was provided.\n",
  },
} as const;

describe.each(["npm", "pnpm", "uv"] as const)("what %s prints", (name) => {
  const told: string[] = [];
  const counts = (kind: keyof (typeof printed)["npm"], code: number, subject: Audit = audits[name]) =>
    judge(subject, { code, stdout: "", stderr: printed[name][kind] }, (line) => told.push(line)).counts;

  test("no vulnerability is a pass", () => {
    expect(counts("clean", 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  test("a vulnerability is a failure", () => {
    expect(counts("found", 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test("a fault of our own, such as no lockfile, is a failure", () => {
    expect(counts("broken", name === "uv" ? 2 : 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test.each(["refused", "unreachable"] as const)("a registry that is %s is skipped, in one line", (kind) => {
    told.length = 0;
    expect(counts(kind, name === "uv" ? 2 : 1)).toEqual({ passed: 0, failed: 0, skipped: 1 });
    expect(told).toHaveLength(1);
    expect(told[0]).not.toContain("\n");
    expect(told[0]).toContain(`${name} audit`);
  });
});

test("the line says why, and what to run elsewhere", () => {
  const told: string[] = [];
  judge(audits.uv, { code: 2, stdout: "", stderr: printed.uv.refused }, (line) => told.push(line));
  expect(told[0]).toMatch(/^no audit can be had here \(HTTP status client error \(405 Method Not Allowed\)/);
  expect(told[0]).toContain("where one can: cd apps/backend && uv audit --frozen --no-dev");
});

test("every lockfile of this repository is asked about, but that of the linters", () => {
  const names = { npm: "package-lock.json", pnpm: "pnpm-lock.yaml", uv: "uv.lock" } as const;
  for (const manager of ["npm", "pnpm", "uv"] as const) {
    const lockfiles = execFileSync("git", ["ls-files", names[manager], `**/${names[manager]}`], { encoding: "utf8" });
    const folders = lockfiles.trim().split("\n").map(dirname);
    const asked = [audits[manager].folder, exampleFolders[manager]];
    expect(folders.filter((folder) => folder !== "docker/lint").sort()).toEqual(asked.sort());
  }
});
