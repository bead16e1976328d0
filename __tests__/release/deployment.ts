import type { ApiServer } from "../support/apiServer.ts";

/** Where the one Deployment of these tests is. */
export const deploymentPath = "/apis/apps/v1/namespaces/todo/deployments/todo-backend";

/** Its release's manifest, as Helm keeps it. */
export const deploymentManifest = (replicas: number): string => `---
# Source: todo/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: todo-backend
spec:
  replicas: ${replicas}
---
`;

/** Lets the API server know Deployments, and their subresources, whose kind is the same. */
export function offerDeployments(server: ApiServer): void {
  const resources = ["deployments", "deployments/status"].map((name) => ({
    name,
    kind: "Deployment",
    namespaced: true,
  }));
  server.objects.set("/apis/apps/v1", { resources });
}
