import type { Check } from "./check.ts";
import { apiPort } from "./checks/apiPort.ts";
import { architecture } from "./checks/architecture.ts";
import { buildKit } from "./checks/buildKit.ts";
import { certificates } from "./checks/certificates.ts";
import { cgroups } from "./checks/cgroups.ts";
import { checkoutPlace } from "./checks/checkoutPlace.ts";
import { clock } from "./checks/clock.ts";
import { cluster } from "./checks/cluster.ts";
import { context } from "./checks/context.ts";
import { cpu } from "./checks/cpu.ts";
import { diskOfCheckout } from "./checks/diskOfCheckout.ts";
import { diskOfEngine } from "./checks/diskOfEngine.ts";
import { dns } from "./checks/dns.ts";
import { dockerClient } from "./checks/dockerClient.ts";
import { dockerEngine } from "./checks/dockerEngine.ts";
import { dockerHub } from "./checks/dockerHub.ts";
import { dockerKind } from "./checks/dockerKind.ts";
import { dockerPermission } from "./checks/dockerPermission.ts";
import { dockerStorage } from "./checks/dockerStorage.ts";
import { dockerVersion } from "./checks/dockerVersion.ts";
import { environment } from "./checks/environment.ts";
import { fileModes } from "./checks/fileModes.ts";
import { helm } from "./checks/helm.ts";
import { inotify } from "./checks/inotify.ts";
import { kubectl } from "./checks/kubectl.ts";
import { lineEndings } from "./checks/lineEndings.ts";
import { memory } from "./checks/memory.ts";
import { minikube } from "./checks/minikube.ts";
import { minikubeProfile } from "./checks/minikubeProfile.ts";
import { node } from "./checks/node.ts";
import { npm } from "./checks/npm.ts";
import { openFiles } from "./checks/openFiles.ts";
import { pagePort } from "./checks/pagePort.ts";
import { proxy } from "./checks/proxy.ts";
import { pulumi } from "./checks/pulumi.ts";
import { pulumiBackend } from "./checks/pulumiBackend.ts";
import { pulumiLock } from "./checks/pulumiLock.ts";
import { registry } from "./checks/registry.ts";
import { release } from "./checks/release.ts";
import { runLock } from "./checks/runLock.ts";
import { system } from "./checks/system.ts";

/** All checks, in the order of the report. */
export const checks: readonly Check[] = [
  system,
  dockerClient,
  dockerEngine,
  dockerPermission,
  dockerVersion,
  dockerKind,
  dockerStorage,
  buildKit,
  node,
  npm,
  pulumi,
  pulumiBackend,
  pulumiLock,
  minikube,
  minikubeProfile,
  kubectl,
  helm,
  cpu,
  memory,
  diskOfEngine,
  diskOfCheckout,
  pagePort,
  apiPort,
  dns,
  proxy,
  certificates,
  dockerHub,
  registry,
  context,
  cluster,
  release,
  runLock,
  clock,
  cgroups,
  inotify,
  openFiles,
  architecture,
  lineEndings,
  fileModes,
  checkoutPlace,
  environment,
];
