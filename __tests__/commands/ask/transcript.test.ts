import { expect, test } from "@jest/globals";
import { Transcript } from "../../../commands/ask/transcript.ts";

function transcriptOf(...lines: string[]): { printed: string[]; stoppedAt: string[] } {
  const printed: string[] = [];
  const transcript = new Transcript((line) => printed.push(line));
  for (const line of lines) transcript.take(line);
  return { printed, stoppedAt: [...transcript.stoppedAt] };
}

test("what kubectl-ai answers is printed, bullets too, and its log is not", () => {
  const lines = [
    "I1121 19:16:51.765176   20434 main.go:1] started",
    "The cause:   ",
    "* a list",
    "",
    "Running: kubectl get pods",
  ];
  expect(transcriptOf(...lines)).toEqual({
    printed: ["The cause:", "* a list", "", "Running: kubectl get pods"],
    stoppedAt: [],
  });
});

test("where it stops at commands, they are noted, and neither its help nor its advice is printed", () => {
  const lines = [
    "Error: running UI: RunOnce mode cannot handle permission requests. The following commands require approval:",
    "* kubectl delete pod --all",
    "Use --skip-permissions flag to bypass permission checks in RunOnce mode.",
    "Usage:",
    "  kubectl-ai [flags]",
    "RunOnce mode cannot handle permission requests. The following commands require approval:",
    "* kubectl delete pod --all",
  ];
  expect(transcriptOf(...lines)).toEqual({ printed: [], stoppedAt: ["kubectl delete pod --all"] });
});

test("of another error its reason is printed, without the help", () => {
  expect(transcriptOf("Error: creating llm client: no key", "Usage:", "  kubectl-ai [flags]").printed).toEqual([
    "Error: creating llm client: no key",
  ]);
});
