import { describe, expect, test } from "@jest/globals";
import type { Values } from "./manifest.ts";
import { productionValues } from "./profiles.ts";
import { notes } from "./render.ts";

describe("the notes after an installation", () => {
  const service = (values: Values) => ({ frontend: { service: values } });
  const cases: [string, Values, string][] = [
    [
      "a Service inside",
      {},
      "kubectl -n apps port-forward service/todo-frontend 8080:80\n  then http://127.0.0.1:8080/",
    ],
    ["a chosen port of the nodes", service({ type: "NodePort", nodePort: 30080 }), "http://<address of a node>:30080/"],
    [
      "any port of the nodes",
      service({ type: "NodePort" }),
      "get service todo-frontend -o jsonpath='{.spec.ports[0].nodePort}'",
    ],
    ["a load balancer", service({ type: "LoadBalancer" }), "get service todo-frontend --watch"],
    ["an ingress", { ingress: { enabled: true, host: "a.b" } }, "  http://a.b/\n"],
    [
      "an ingress with TLS",
      { ingress: { enabled: true, host: "a.b", tls: { enabled: true, secretName: "c" } } },
      "  https://a.b/\n",
    ],
  ];
  test.each(cases)("say how to reach the page by %s", async (_what, values, expected) => {
    expect(await notes({ values })).toContain(expected);
  });

  test("name the commands that come next, and what an uninstallation leaves", async () => {
    const text = await notes({});
    for (const command of ["helm test todo", "helm rollback todo", "helm uninstall todo"]) {
      expect(text).toContain(`${command} -n apps`);
    }
    expect(text).toContain("delete pvc -l app.kubernetes.io/instance=todo");
    expect(text).toContain("delete secret todo-database");
  });

  test("do not speak of a volume that goes with the release, or that is not there", async () => {
    expect(await notes({ files: ["values-local.yaml"] })).not.toContain("pvc");
    const production = await notes({ files: ["values-production.yaml"], values: productionValues });
    expect(production).toContain("https://todo.example.org/");
    expect(production).not.toContain("pvc");
  });
});
