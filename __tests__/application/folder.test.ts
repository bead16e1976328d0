import { afterEach, expect, test } from "@jest/globals";
import { readFolder } from "../../components/application/folder.ts";
import { ApplicationOnDisk } from "../support/applicationFolder.ts";

let application: ApplicationOnDisk;
afterEach(() => application?.remove());

const everything = {
  "main.py": "",
  "web/page.tsx": "",
  "node_modules/next/package.json": "{}",
  ".venv/bin/python": "",
  ".git/HEAD": "",
  ".env": "SECRET=1",
  "deep/.env.local": "SECRET=1",
  "certs/server.key": "",
  "deep/__pycache__/main.pyc": "",
};

test("leaves out what no image needs and what is secret", async () => {
  application = new ApplicationOnDisk(everything);
  const folder = await readFolder("backend", application.path, undefined);
  expect(await folder.list()).toEqual(["main.py", "web/page.tsx"]);
  expect(await folder.has("main.py")).toBe(true);
  expect(await folder.read(".env")).toBeUndefined();
});

test("an ignore file of its own adds to that, and can take something back in", async () => {
  application = new ApplicationOnDisk({ ...everything, ".dockerignore": "web\n!certs/server.key\n" });
  const folder = await readFolder("backend", application.path, undefined);
  expect(await folder.list()).toEqual(["certs/server.key", "main.py"]);
});

test("with a Dockerfile of its own its ignore file holds alone, and that of the Dockerfile wins", async () => {
  application = new ApplicationOnDisk({
    "main.py": "",
    "a.log": "",
    "b.txt": "",
    ".dockerignore": "b.txt\n.dockerignore",
  });
  expect(await (await readFolder("backend", application.path, "Dockerfile")).list()).toEqual(["a.log", "main.py"]);
  application.write({ "Dockerfile.dockerignore": "*\n!main.py\n" });
  expect(await (await readFolder("backend", application.path, "Dockerfile")).list()).toEqual(["main.py"]);
});

test("a folder that is not there is said with the key", async () => {
  await expect(readFolder("frontend", "../nowhere", undefined)).rejects.toThrow(
    /frontend in \.\.\/nowhere[\s\S]*frontend\.path: there is no such folder[\s\S]*pulumi config set/,
  );
});
