import { Provider as Docker } from "@pulumi/docker/provider.js";
import { Provider as Kubernetes } from "@pulumi/kubernetes/provider.js";
import { Provider as Random } from "@pulumi/random/provider.js";
import { ClusterIdentity } from "../../components/cluster/identity.ts";

new Docker("docker");
// Without a kubeconfig of its own it would leave a copy of the one that KUBECONFIG names in the temporary folder, each time.
new Kubernetes("kubernetes", { kubeconfig: "" });
new Random("random");
// The smallest resource of the program's own provider: nobody is asked for anything.
new ClusterIdentity("nothing", { context: "", server: "", uid: "" });
