import { describe, expect, test } from "@jest/globals";
import type { KubernetesObject } from "../../components/cluster/api.ts";
import { isUntouched } from "../../components/release/untouched.ts";

const deployer = { manager: "pulumi-resource-kubernetes", operation: "Update" };

/** A Service as a release has it, and as the server answers. */
const service = (selector: object, ports: readonly object[] = [{ port: 80 }]) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "todo-backend", labels: { app: "todo" } },
  spec: { selector, ports },
});
const wanted = service({ app: "todo" });
const live = (managedFields: readonly object[] | undefined, of: object = {}): KubernetesObject => {
  const made = service({ app: "todo" }, [{ port: 80, protocol: "TCP" }]);
  const metadata = { ...made.metadata, uid: "1", managedFields };
  return { ...made, ...of, metadata } as KubernetesObject;
};

test("what only its deployer has set is untouched, with what the server and its controllers add", () => {
  expect(isUntouched(live([deployer]), wanted)).toBe(true);
  expect(isUntouched(live([{ manager: "helm", operation: "Update" }]), wanted)).toBe(true);
  expect(isUntouched(live([deployer, { manager: "todo-stack", operation: "Update" }]), wanted)).toBe(true);
  const controller = { manager: "kube-controller-manager", operation: "Update", subresource: "status" };
  expect(isUntouched(live([deployer, controller]), wanted)).toBe(true);
});

describe("the server is asked to compare", () => {
  test("where somebody else has set a field, such as a further key of a selector", () => {
    const edited = live([deployer, { manager: "kubectl-edit", operation: "Update" }]);
    expect(isUntouched(edited, wanted)).toBe(false);
  });

  test.each([
    ["a field is gone", { spec: { ports: [{ port: 80 }] } }],
    ["a field has another value", { spec: { selector: { app: "other" }, ports: [{ port: 80 }] } }],
    ["a field has another spelling", { spec: { selector: { app: "todo" }, ports: [{ port: "80" }] } }],
    ["a list has one more", { spec: { selector: { app: "todo" }, ports: [{ port: 80 }, { port: 81 }] } }],
    ["a list is none", { spec: { selector: { app: "todo" }, ports: { port: 80 } } }],
    ["a map is none", { spec: { selector: ["todo"], ports: [{ port: 80 }] } }],
  ])("where %s, whoever did it", (_, of) => {
    expect(isUntouched(live([deployer], of), wanted)).toBe(false);
  });

  test("where nobody is told to have set anything", () => {
    expect(isUntouched(live([]), wanted)).toBe(false);
    expect(isUntouched(live(undefined), wanted)).toBe(false);
  });
});
