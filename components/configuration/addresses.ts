import type { Configuration } from "./configuration.ts";

/** The backend's port in the cluster: `backend.service.port` of the chart. */
const backendPort = 8000;

/** The address of the page from the user's machine. */
export function pageUrl(configuration: Configuration): string {
  return configuration.profile === "local"
    ? `http://127.0.0.1:${configuration.nodePort}`
    : `https://${configuration.host}`;
}

/** The backend's address in the cluster. */
function backendUrl({ releaseName }: Configuration): string {
  return `http://${releaseName}-backend:${backendPort}`;
}

/**
 * Fills addresses into the variables of every part: `{pageUrl}`, where people reach the page, and `{backendUrl}`, where other
 * pods reach the backend. A person's own application asks for them under names of its own.
 */
export function withAddresses<Any extends Configuration>(configuration: Any): Any {
  const addresses = { pageUrl: pageUrl(configuration), backendUrl: backendUrl(configuration) };
  const fill = (variables: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(variables).map(([name, text]) => [name, filled(text, addresses)]));
  const fillPart = <
    Part extends { readonly application?: { readonly buildEnv?: Readonly<Record<string, string>> | undefined } },
  >(
    part: Part,
  ): Part => {
    const { application } = part;
    if (application?.buildEnv === undefined) return part;
    return { ...part, application: { ...application, buildEnv: fill(application.buildEnv) } };
  };
  const services = Object.entries(configuration.services).map(
    ([name, service]) => [name, fillPart({ ...service, env: fill(service.env) })] as const,
  );
  return {
    ...configuration,
    env: fill(configuration.env),
    frontend: fillPart({ ...configuration.frontend, env: fill(configuration.frontend.env) }),
    backend: fillPart(configuration.backend),
    services: Object.fromEntries(services),
  };
}

/** Other braces are the application's own. */
function filled(text: string, addresses: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => addresses[name] ?? whole);
}
