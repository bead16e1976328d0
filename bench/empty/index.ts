import { Provider as Docker } from "@pulumi/docker/provider.js";
import { Provider as Kubernetes } from "@pulumi/kubernetes/provider.js";
import { Provider as Random } from "@pulumi/random/provider.js";

new Docker("docker");
new Kubernetes("kubernetes");
new Random("random");
