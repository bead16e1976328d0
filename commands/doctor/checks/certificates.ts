import { type Check, missing, ok } from "../check.ts";

/** The variables by which Node, Go, Python and git are given authorities of one's own. */
const variables = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"];

/** Whether the files of authorities that the environment names are there. */
export const certificates: Check = {
  name: "Certificates",
  why: "A file of authorities that is named and not there makes every download fail, or counts for nothing without a word.",
  look: async ({ machine: { env }, read }) => {
    const named = variables.flatMap((name) => (env[name] ? [{ name, file: env[name] ?? "" }] : []));
    if (env.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
      return missing(
        "NODE_TLS_REJECT_UNAUTHORIZED=0 switches off every check of a certificate",
        "unset NODE_TLS_REJECT_UNAUTHORIZED, and name your authority: NODE_EXTRA_CA_CERTS=/path/ca.pem",
      );
    }
    for (const { name, file } of named) {
      const text = await read(file);
      if (text === undefined)
        return missing(`${name} names ${file}, which is not there`, `Put the file there, or: unset ${name}`);
      if (!text.includes("-----BEGIN "))
        return missing(
          `${name} names ${file}, which holds no certificate in PEM`,
          `openssl x509 -inform der -in ${file} -out ca.pem, and name that`,
        );
    }
    return ok(
      named.length === 0 ? "the system's own" : `besides the system's own: ${named.map(({ name }) => name).join(", ")}`,
    );
  },
};
