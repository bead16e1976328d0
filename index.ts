import { connectCluster, findMeantContext } from "./components/cluster/connect.ts";
import { pageUrl } from "./components/configuration/addresses.ts";
import { readConfiguration } from "./components/configuration/read.ts";
import { startBuilds } from "./components/image/startBuilds.ts";
import { prepareKagent } from "./components/kagent/prepareKagent.ts";
import { makeNamespace } from "./components/namespace.ts";
import { placeImages } from "./components/node/placeImages.ts";
import { describeImages, nextCommands } from "./components/outputs.ts";
import { ChartRelease } from "./components/release/chartRelease.ts";
import { describeNext, lookAtRelease } from "./components/release/observe.ts";
import { rolloutHooks } from "./components/release/rolloutHooks.ts";
import { releaseValues } from "./components/release/values.ts";
import { guardUpdate } from "./components/safety/guardUpdate.ts";
import { drawPasswords, makeSecrets } from "./components/secret/applicationSecrets.ts";
import { readSources } from "./components/sources.ts";

const configuration = readConfiguration();
const reading = readSources(configuration);
await guardUpdate(configuration);
const passwords = drawPasswords(configuration);
const connecting = connectCluster(configuration, findMeantContext(configuration));
const building = startBuilds(configuration, reading, connecting);
const [{ provider, api }, { chart, plans, images: built }] = await Promise.all([connecting, building]);
const makeKagent = await prepareKagent(configuration, api);
const running = lookAtRelease(api, configuration);

const namespace = makeNamespace(configuration.namespace, { provider });
const secrets = makeSecrets(configuration, passwords, namespace, provider);

const placed = configuration.profile === "local" ? placeImages(configuration, built, chart.databaseImage) : [];

const release = new ChartRelease(
  "release",
  {
    releaseName: configuration.releaseName,
    namespace,
    values: releaseValues(configuration, chart.profileValues, {
      plans,
      images: built,
      ...secrets,
    }),
    description: describeNext(chart.contentHash, configuration, running),
    timeoutSeconds: configuration.timeoutSeconds,
    hooks: rolloutHooks(api, configuration, configuration.timeoutSeconds),
  },
  { providers: [provider], dependsOn: placed },
);

makeKagent(namespace, { providers: [provider] });

/** The address of the page. */
export const url = pageUrl(configuration);
/** What runs: each image's reference and digest. */
export const images = describeImages(built);
/** The Helm release's revision. */
export const revision = release.revision;
/** What a person wants to type next. */
export const commands = nextCommands(configuration);
