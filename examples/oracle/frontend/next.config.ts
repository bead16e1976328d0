import type { NextConfig } from "next";

/** Files alone: whatever serves them hands `/api` to the backend. */
const config: NextConfig = { output: "export" };

export default config;
