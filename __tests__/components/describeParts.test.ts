import { expect, test } from "@jest/globals";
import { output } from "@pulumi/pulumi";
import { type DescribedConfiguration, describeParts } from "../../components/kagent/describeParts.ts";

const shipped: DescribedConfiguration = {
  releaseName: "shop",
  frontend: { env: {} },
  backend: { database: true, databaseEnv: {} },
  services: {},
};
const service = { env: {}, secretEnv: false, database: false };

test("what is shipped is described as what it is", () => {
  const [page, api, database, ...more] = describeParts(shipped);
  expect(page).toMatch(/^Deployment shop-frontend: nginx /);
  expect(api).toMatch(/^Deployment shop-backend: a FastAPI application\. /);
  expect(database).toBe("StatefulSet shop-database: PostgreSQL, with a volume.");
  expect(more).toEqual([]);
});

test("nothing is said of a person's own that may not be so, and each further service is named", () => {
  const parts = describeParts({
    ...shipped,
    frontend: { application: { path: "web" }, env: {} },
    backend: { application: { path: "api" }, database: false, databaseEnv: {} },
    services: {
      worker: { ...service, image: "backend" },
      nightly: { ...service, image: "backend", schedule: "0 3 * * *" },
      search: { ...service, image: "search:1", port: 7700 },
    },
  });
  expect(parts.join("\n")).not.toMatch(/nginx|FastAPI|\/health|PostgreSQL/);
  expect(parts.slice(2)).toEqual([
    "Deployment shop-worker: a worker, which nobody calls.",
    "CronJob shop-nightly: a job by the schedule 0 3 * * *.",
    "Deployment shop-search: a service on port 7700.",
    "There is no database.",
  ]);
});

test("a database outside of the cluster is told from one in it", () => {
  const externalDatabase = { url: output("postgresql://db.example.com/shop"), port: 5432, plain: false };
  expect(describeParts({ ...shipped, externalDatabase }).at(-1)).toMatch(/outside of the cluster/);
});
