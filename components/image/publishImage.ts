import { Image } from "@pulumi/docker/image.js";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryLogin } from "../configuration/configuration.ts";
import { buildFailureHooks } from "./buildFailure.ts";
import { buildArguments } from "./buildOnNode.ts";
import type { ImageSource } from "./identity.ts";
import { PublishedImage } from "./publishedImage.ts";
import type { Publication } from "./publishedImageHandler.ts";
import { parseReference } from "./reference.ts";
import { imageAddress } from "./registry/address.ts";
import { findImage } from "./registry/findImage.ts";
import { dockerLogin, type Login } from "./registry/login.ts";

/** How a registry is asked and pushed to. */
export interface Registry {
  /** Absent: what Docker's own configuration has. */
  readonly login: RegistryLogin | undefined;
  /** The folder of that configuration. */
  readonly dockerConfig: string;
}

/** An image that goes to a registry. */
export interface RegistryBuild {
  readonly reference: string;
  readonly source: ImageSource;
  readonly registry: Registry;
}

/**
 * Has an image in a registry: built and pushed where the registry lacks the tag, and taken as it is where it has it.
 *
 * @returns The digest, `sha256:...`; a preview knows it unless the image will be built.
 */
export function publishImage(name: string, build: RegistryBuild, parent: pulumi.Resource): pulumi.Output<string> {
  const { reference, source } = build;
  const found = askRegistry(reference, build.registry);
  const { decision } = new PublishedImage(`${name}-published`, { reference, found }, { parent });
  const hooks = buildFailureHooks(name, reference, source);
  return decision.apply((decided) => {
    if (!decided.builds) return pulumi.output(decided.digest);
    const built = new Image(name, imageArgs(build, decided), { parent, hooks, retainOnDelete: true });
    return built.repoDigest.apply((pushed) => parseReference(pushed).digest);
  });
}

/** The login and the layers to begin with are the registry's; neither is a difference of content, so the tag knows neither. */
function imageArgs(
  { reference, source, registry }: RegistryBuild,
  { generation, previous }: Omit<Publication, "reference">,
) {
  const inlineCache = { BUILDKIT_INLINE_CACHE: "1" };
  return {
    imageName: reference,
    build: {
      ...source,
      args: { ...buildArguments(source, generation - 1), ...inlineCache },
      ...(previous === "" ? {} : { cacheFrom: { images: [previous] } }),
    },
    skipPush: false,
    // Always there: the provider takes another login for no change, and a whole new object for one.
    registry: { server: imageAddress(reference).host, ...registry.login },
  };
}

/** Nothing of the answer is secret, whatever the question was signed with. */
function askRegistry(reference: string, { login, dockerConfig }: Registry): pulumi.Input<string> {
  if (login === undefined) return told(reference, ({ loginKey }) => dockerLogin(dockerConfig, loginKey));
  const { username } = login;
  return pulumi.unsecret(login.password.apply((password) => told(reference, async () => ({ username, password }))));
}

async function told(
  reference: string,
  findLogin: (address: { loginKey: string }) => Promise<Login | undefined>,
): Promise<string> {
  const finding = await findImage(reference, findLogin);
  if ("digest" in finding) return finding.digest;
  if ("absent" in finding) return "absent";
  const without = "What this stack has pushed counts as there, everything else is built and pushed.";
  void pulumi.log.warn(`The registry was not asked for ${reference}: ${finding.problem}. ${without}`);
  return "unknown";
}
