import { type Browser, chromium } from "playwright-core";

/** Without these, Chromium asks hosts of its own for updates, which a closed network refuses one by one. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser that `npm run test:e2e` has found or brought. */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM;
  if (executablePath === undefined)
    throw new Error("CHROMIUM is not set; run the end-to-end tests with: npm run test:e2e");
  return chromium.launch({ executablePath, args: quiet });
}
