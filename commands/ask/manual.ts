import type { Place } from "./place.ts";

/** How the same is found out without a model; what lacked for one comes first. */
export function manualWay({ kubectl, settings: { releaseName } }: Place, lacking: readonly string[]): string[] {
  return [
    ...lacking,
    "Nothing was sent. By hand, in this order:",
    "  npm run diagnose   (the likely cause, and the command that mends it)",
    `  ${kubectl} get pods -o wide`,
    `  ${kubectl} describe pod -l app.kubernetes.io/instance=${releaseName}`,
    `  ${kubectl} logs deployment/${releaseName}-backend --all-containers --tail 50`,
    `  ${kubectl} logs deployment/${releaseName}-backend --previous   (where a container has ended)`,
    `  ${kubectl} events --types Warning`,
    `  ${kubectl} rollout status deployment/${releaseName}-backend --timeout 5s`,
    "What each tells: docs/ai-operations.md",
  ];
}
