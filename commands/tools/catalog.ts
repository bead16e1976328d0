import { isAtLeast, type Version } from "./versions.ts";

/** The programs that the commands can bring. */
export type ToolName = "pulumi" | "minikube" | "kubectl" | "helm3" | "helm4" | "k6" | "actionlint" | "kubectl-ai";

/** A program at a pinned version: where its vendor publishes it, and which one on PATH is as good. */
export interface Tool {
  readonly name: ToolName;
  /** The version that is downloaded, without a leading v. */
  readonly version: string;
  /** The vendor's file for a platform; Node's names of platform and architecture. */
  readonly url: (platform: string, arch: string) => string;
  /** The file of sha256 sums that the vendor publishes beside it. */
  readonly checksumUrl: (platform: string, arch: string) => string;
  /** The program inside the unpacked archive; absent where the download is the program itself. */
  readonly inArchive?: (platform: string, arch: string) => string;
  /** The names under which it stands on PATH, and the arguments that print its version. */
  readonly commands: readonly string[];
  readonly versionArgs: readonly string[];
  /** Whether a version found on PATH is used in place of the pinned one. */
  readonly fits: (version: Version) => boolean;
}

const goArch = (arch: string): string => (arch === "x64" ? "amd64" : arch);

const pulumiBase = "https://get.pulumi.com/releases/sdk";
const minikubeBase = "https://github.com/kubernetes/minikube/releases/download";

function helm(name: "helm3" | "helm4", version: string, fits: Tool["fits"]): Tool {
  const url: Tool["url"] = (platform, arch) =>
    `https://get.helm.sh/helm-v${version}-${platform}-${goArch(arch)}.tar.gz`;
  return {
    name,
    version,
    url,
    checksumUrl: (platform, arch) => `${url(platform, arch)}.sha256sum`,
    inArchive: (platform, arch) => `${platform}-${goArch(arch)}/helm`,
    commands: [name, "helm"],
    versionArgs: ["version", "--short"],
    fits,
  };
}

/** Grafana's load generator. Its releases are zipped for macOS, which they call by that name. */
function k6(version: string): Tool {
  const base = `https://github.com/grafana/k6/releases/download/v${version}/k6-v${version}`;
  const build = (platform: string, arch: string) => `${platform === "darwin" ? "macos" : platform}-${goArch(arch)}`;
  return {
    name: "k6",
    version,
    url: (platform, arch) => `${base}-${build(platform, arch)}.${platform === "linux" ? "tar.gz" : "zip"}`,
    checksumUrl: () => `${base}-checksums.txt`,
    inArchive: (platform, arch) => `k6-v${version}-${build(platform, arch)}/k6`,
    commands: ["k6"],
    versionArgs: ["version"],
    // The script's `crypto` is a global since 1.0; another major version may read the script another way.
    fits: (found) => found[0] === 1,
  };
}

/** The linter of GitHub's workflows. */
function actionlint(version: string): Tool {
  const base = `https://github.com/rhysd/actionlint/releases/download/v${version}/actionlint_${version}`;
  return {
    name: "actionlint",
    version,
    url: (platform, arch) => `${base}_${platform}_${goArch(arch)}.tar.gz`,
    checksumUrl: () => `${base}_checksums.txt`,
    inArchive: () => "actionlint",
    commands: ["actionlint"],
    versionArgs: ["-version"],
    // Another one may know rules that the workflows have not been held to.
    fits: (found) => found.join(".") === version,
  };
}

/** Google's assistant for kubectl; https://github.com/GoogleCloudPlatform/kubectl-ai */
function kubectlAi(version: string): Tool {
  const base = `https://github.com/GoogleCloudPlatform/kubectl-ai/releases/download/v${version}`;
  const system = (platform: string) => (platform === "darwin" ? "Darwin" : "Linux");
  return {
    name: "kubectl-ai",
    version,
    url: (platform, arch) => `${base}/kubectl-ai_${system(platform)}_${arch === "x64" ? "x86_64" : arch}.tar.gz`,
    // GoReleaser's default name, which its configuration (.goreleaser.yaml) leaves as it is.
    checksumUrl: () => `${base}/kubectl-ai_${version}_checksums.txt`,
    inArchive: () => "kubectl-ai",
    commands: ["kubectl-ai"],
    versionArgs: ["version"],
    // Another one may start commands in another way, past the gate that holds it to reading: commands/ask/gate.ts.
    fits: (found) => found.join(".") === version,
  };
}

/** Every tool that can be brought. Versions are pinned here and nowhere else. */
export const catalog: Readonly<Record<ToolName, Tool>> = {
  pulumi: {
    name: "pulumi",
    version: "3.270.0",
    url: (platform, arch) => `${pulumiBase}/pulumi-v3.270.0-${platform}-${arch}.tar.gz`,
    // This one file is published without the v.
    checksumUrl: () => `${pulumiBase}/pulumi-3.270.0-checksums.txt`,
    inArchive: () => "pulumi/pulumi",
    commands: ["pulumi"],
    versionArgs: ["version"],
    fits: (version) => version[0] === 3 && isAtLeast(version, [3, 244, 0]),
  },
  minikube: {
    name: "minikube",
    version: "1.38.1",
    url: (platform, arch) => `${minikubeBase}/v1.38.1/minikube-${platform}-${goArch(arch)}`,
    checksumUrl: (platform, arch) => `${minikubeBase}/v1.38.1/minikube-${platform}-${goArch(arch)}.sha256`,
    commands: ["minikube"],
    versionArgs: ["version", "--short"],
    // Kubernetes 1.34 came with Minikube 1.37.
    fits: (version) => isAtLeast(version, [1, 37, 0]),
  },
  kubectl: {
    name: "kubectl",
    version: "1.34.10",
    url: (platform, arch) => `https://dl.k8s.io/release/v1.34.10/bin/${platform}/${goArch(arch)}/kubectl`,
    checksumUrl: (platform, arch) =>
      `https://dl.k8s.io/release/v1.34.10/bin/${platform}/${goArch(arch)}/kubectl.sha256`,
    commands: ["kubectl"],
    versionArgs: ["version", "--client"],
    // One minor version of skew is supported: https://kubernetes.io/releases/version-skew-policy/#kubectl
    fits: ([major, minor]) => major === 1 && minor >= 33 && minor <= 35,
  },
  // A preview needs --skip-schema-validation, which came with 3.16.
  helm3: helm("helm3", "3.22.0", (version) => version[0] === 3 && isAtLeast(version, [3, 16, 0])),
  helm4: helm("helm4", "4.3.1", (version) => version[0] === 4),
  k6: k6("1.8.1"),
  actionlint: actionlint("1.7.12"),
  "kubectl-ai": kubectlAi("0.0.28"),
};

/** The vendor's address, or the same path below `TODO_STACK_DOWNLOADS`: `<mirror>/<vendor's host>/<path>`. */
export function throughMirror(url: string, mirror: string | undefined): string {
  if (mirror === undefined || mirror === "") return url;
  return `${mirror.replace(/\/+$/, "")}/${url.replace(/^https:\/\//, "")}`;
}
