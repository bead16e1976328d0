import { describe, expect, test } from "@jest/globals";
import { productionValues } from "./profiles.ts";
import { helmVersions, notes, render } from "./render.ts";

const gateway = {
  enabled: true,
  parentRefs: [{ name: "public", namespace: "gateways", sectionName: "https" }],
  hostnames: ["todo.example.org", "www.example.org"],
  annotations: { team: "red" },
};
const values = { ...productionValues, gateway, ingress: { enabled: false } };

describe.each(helmVersions)("a Gateway, Helm %s", (helm) => {
  test("takes the place of the Ingress by a route that leads to the frontend", async () => {
    const chart = await render({ helm, files: ["values-production.yaml"], values });
    expect(chart.all("Ingress")).toEqual([]);
    const route = chart.get("HTTPRoute", "todo");
    expect(route).toMatchObject({
      apiVersion: "gateway.networking.k8s.io/v1",
      metadata: { annotations: { team: "red" }, labels: { "app.kubernetes.io/instance": "todo" } },
    });
    expect(route.spec).toEqual({
      parentRefs: gateway.parentRefs,
      hostnames: gateway.hostnames,
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ name: "todo-frontend", port: 80 }],
        },
      ],
    });
  });

  test("is none unless it is asked for", async () => {
    const chart = await render({ helm, files: ["values-production.yaml"], values: productionValues });
    expect(chart.all("HTTPRoute")).toEqual([]);
  });

  test("leads to the Service's own port, and rolls no pod", async () => {
    const service = { frontend: { service: { port: 8081 } } };
    const [plain, routed] = await Promise.all([
      render({ helm, values: service }),
      render({ helm, values: { ...service, gateway } }),
    ]);
    expect(JSON.stringify(routed.get("HTTPRoute", "todo").spec)).toContain('"port":8081');
    const templates = [plain, routed].map((chart) => chart.all("Deployment").map(({ spec }) => spec?.template));
    expect(templates[0]).toEqual(templates[1]);
  });
});

test("the notes name the page's host, and how to see whether a Gateway has taken the route", async () => {
  const text = await notes({ values: { gateway } });
  expect(text).toContain("  https://todo.example.org/");
  expect(text).toContain("get httproute todo");
});
