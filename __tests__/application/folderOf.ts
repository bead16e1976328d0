import type { ApplicationFolder } from "../../components/application/folder.ts";

/** An application's folder whose files a test writes down. */
export function folderOf(files: Readonly<Record<string, string>>): ApplicationFolder {
  return {
    path: "../shop",
    has: async (relative) => relative in files,
    read: async (relative) => files[relative],
    list: async () => Object.keys(files).sort(),
  };
}
