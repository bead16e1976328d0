import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Kubernetes' own programs. */
export const KUBERNETES = [
  "kubectl",
  "kubeadm",
  "kubelet",
  "kube-proxy",
  "kube-scheduler",
  "kube-controller-manager",
  "kube-apiserver",
] as const;

/** All programs that can be compiled from a Go module. */
export type Program =
  | (typeof KUBERNETES)[number]
  | "sandbox-node"
  | "coredns"
  | "pause"
  | "helm3"
  | "helm4"
  | "k6"
  | "actionlint";

/** What there is to know in order to compile a program. */
export interface Source {
  /** Folder with its pinned go.mod and go.sum. */
  moduleFolder: string;
  /** The package to compile. */
  package: string;
  /** Its version without `v`, read from go.mod; programs of this repository have that of Kubernetes or none. */
  version: string;
  /** Flags for the linker. */
  linkerFlags: string;
  /** Name of the file. */
  binary: string;
  /** How long compiling takes alone on two cores with an empty cache, measured. */
  expected: string;
}

const MODULES = join(dirname(import.meta.filename), "modules");

/** The version without `v` at which a go.mod requires a module. Throws when it does not. */
export function requiredVersion(goMod: string, module: string): string {
  for (const line of goMod.split("\n")) {
    const [first, second, third] = line.trim().split(/\s+/);
    const [name, version] = first === "require" ? [second, third] : [first, second];
    if (name === module && version?.startsWith("v")) return version.slice(1);
  }
  throw new Error(`go.mod does not require ${module}`);
}

/** How to compile a program. */
export async function sourceOf(program: Program): Promise<Source> {
  switch (program) {
    case "helm3":
    case "helm4":
      return helm(program);
    case "coredns":
      return { ...(await own("coredns", ".", "github.com/coredns/coredns")), binary: program, expected: "2 min" };
    case "k6":
      return { ...(await own("k6", "go.k6.io/k6", "go.k6.io/k6")), binary: program, expected: "2 min" };
    case "actionlint":
      return actionlint();
    case "pause":
      return { ...(await own("pause", ".")), binary: program, expected: "5 s" };
    case "sandbox-node":
      return {
        ...(await own("kubernetes", "./sandbox-node", "k8s.io/kubernetes")),
        binary: program,
        expected: "1 min",
      };
    default:
      return kubernetes(program);
  }
}

/** A program whose `main` is in this repository. */
async function own(folder: string, path: string, module?: string): Promise<Omit<Source, "binary" | "expected">> {
  const moduleFolder = join(MODULES, folder);
  const version = module ? requiredVersion(await readFile(join(moduleFolder, "go.mod"), "utf8"), module) : "1";
  return { moduleFolder, package: path, version, linkerFlags: "-s -w" };
}

async function actionlint(): Promise<Source> {
  const module = "github.com/rhysd/actionlint";
  const source = await own("actionlint", `${module}/cmd/actionlint`, module);
  // As in its .goreleaser.yaml; without it the program does not know its version.
  const linkerFlags = `${source.linkerFlags} -X ${module}.version=${source.version}`;
  return { ...source, linkerFlags, binary: "actionlint", expected: "20 s" };
}

async function kubernetes(program: (typeof KUBERNETES)[number]): Promise<Source> {
  const source = await own("kubernetes", `k8s.io/kubernetes/cmd/${program}`, "k8s.io/kubernetes");
  const [major, minor] = source.version.split(".");
  // The same variables as in Kubernetes' hack/lib/version.sh; without them the programs call themselves v0.0.0.
  const flags = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((place) => [
    `-X ${place}.gitVersion=v${source.version}`,
    `-X ${place}.gitMajor=${major}`,
    `-X ${place}.gitMinor=${minor}`,
    `-X ${place}.gitTreeState=clean`,
  ]);
  const expected = { kubectl: "2 min", kubeadm: "1 min", "kube-apiserver": "3 min" };
  return {
    ...source,
    linkerFlags: ["-s -w", ...flags].join(" "),
    binary: program,
    expected: expected[program as keyof typeof expected] ?? "1-2 min",
  };
}

async function helm(program: "helm3" | "helm4"): Promise<Source> {
  const module = `helm.sh/helm/v${program.slice(-1)}`;
  const source = await own(program, `${module}/cmd/helm`, module);
  const flags = ["-s -w", `-X ${module}/internal/version.version=v${source.version}`];
  if (program === "helm3") flags.push(...(await kubernetesOfHelm3(module, source.moduleFolder)));
  return { ...source, linkerFlags: flags.join(" "), binary: "helm", expected: "2-3 min" };
}

/** As in Helm 3's Makefile: without them `helm template` takes the cluster for a Kubernetes 1.20. Helm 4 finds it itself. */
async function kubernetesOfHelm3(module: string, moduleFolder: string): Promise<string[]> {
  const goMod = await readFile(join(moduleFolder, "go.mod"), "utf8");
  // client-go 0.x goes with Kubernetes 1.x.
  const minor = requiredVersion(goMod, "k8s.io/client-go").split(".")[1];
  return ["pkg/lint/rules", "pkg/chartutil"].flatMap((place) => [
    `-X ${module}/${place}.k8sVersionMajor=1`,
    `-X ${module}/${place}.k8sVersionMinor=${minor}`,
  ]);
}
