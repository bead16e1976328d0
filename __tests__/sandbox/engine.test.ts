import { describe, expect, test } from "@jest/globals";
import { chooseClient, majorVersion } from "../../sandbox/engine/client.ts";

describe("the Docker client", () => {
  const hidden = { path: "/usr/bin/docker", major: 20, buildx: false };
  const withoutBuildx = { path: "/usr/local/bin/docker", major: 28, buildx: false };
  const withBuildx = { path: "/opt/docker", major: 28, buildx: true };

  test("is an old one that has BuildKit built in, where a newer one lacks its plugin", () => {
    expect(chooseClient([withoutBuildx, hidden])).toBe(hidden);
  });

  test("is the first on PATH that can build", () => {
    expect(chooseClient([withBuildx, hidden])).toBe(withBuildx);
  });

  test("is none where none can build", () => {
    expect(chooseClient([withoutBuildx, { ...withoutBuildx, major: 23 }])).toBeUndefined();
  });

  test("tells its version", () => {
    expect(majorVersion("Docker version 28.2.2, build e6534b4")).toBe(28);
    expect(majorVersion("Docker version 20.10.24+dfsg1, build 297e128")).toBe(20);
    expect(majorVersion("podman")).toBeUndefined();
  });
});
