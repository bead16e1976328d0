import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { baseImagesOf, databaseImageOf, listBaseImages } from "../../sandbox/bases/list.ts";
import { recipeFor, splitReference } from "../../sandbox/bases/recipe.ts";
import { isStandIn, recipeMark } from "../../sandbox/bases/standIns.ts";

const CHECKOUT = resolve(import.meta.dirname, "../..");

describe("the list of base images", () => {
  test("is the defaults of a Dockerfile's image arguments, and no other arguments", () => {
    const dockerfile = `# ARG OLD_IMAGE=node:1
ARG NODE_IMAGE=node:24-slim
ARG NGINX_IMAGE="nginxinc/nginx-unprivileged:alpine-slim"
ARG APP_VERSION=0.0.0-dev
ARG WITHOUT_IMAGE
FROM \${NODE_IMAGE} AS build
ARG NODE_IMAGE
`;
    expect(baseImagesOf(dockerfile, "docker/frontend.Dockerfile")).toEqual([
      { reference: "node:24-slim", from: "docker/frontend.Dockerfile (NODE_IMAGE)" },
      { reference: "nginxinc/nginx-unprivileged:alpine-slim", from: "docker/frontend.Dockerfile (NGINX_IMAGE)" },
    ]);
  });

  test("has the chart's database", () => {
    const values = "database:\n  image: { repository: postgres, tag: 17-alpine }\n";
    expect(databaseImageOf(values, "chart/values.yaml")?.reference).toBe("postgres:17-alpine");
    expect(databaseImageOf("backend: {}\n", "chart/values.yaml")).toBeUndefined();
  });

  test("has a recipe for each image that this checkout names", async () => {
    const images = await listBaseImages(CHECKOUT);
    const names = images.map((image) => recipeFor(image).name).sort();
    expect(names).toEqual(["nginx-unprivileged", "node", "postgres", "python", "uv"]);
  });
});

describe("a recipe", () => {
  const recipe = (reference: string) => recipeFor({ reference, from: "docker/x.Dockerfile (X_IMAGE)" });

  test("takes from the tag what decides about the content", () => {
    expect(recipe("node:24-slim")).toEqual({ name: "node", version: "24" });
    expect(recipe("node:24.1.0-slim")).toEqual({ name: "node", version: "24.1.0" });
    expect(recipe("ghcr.io/astral-sh/uv:0.13.8")).toEqual({ name: "uv", version: "0.13.8" });
    expect(recipe("postgres:17.2-alpine")).toEqual({ name: "postgres", version: "17" });
  });

  test.each(["python:3.12-slim", "postgres:16-alpine", "redis:8", "node:slim"])(
    "does not exist for %s, and the message says where it is named",
    (reference) => {
      expect(() => recipe(reference)).toThrow(`${reference} in docker/x.Dockerfile (X_IMAGE)`);
    },
  );

  test("is not confused by a registry's port", () => {
    expect(splitReference("localhost:5000/node:24")).toEqual(["localhost:5000/node", "24"]);
    expect(splitReference("localhost:5000/node")).toEqual(["localhost:5000/node", "latest"]);
  });
});

describe("a stand-in", () => {
  const labels = {
    "dev.todo-stack.stand-in": "true",
    "dev.todo-stack.stand-in.recipe": recipeMark("node:24-slim", "abc"),
  };

  test("is known by its labels and its own tag", () => {
    expect(isStandIn("node:24-slim", labels)).toBe(true);
  });

  test("is not the image built on it, which inherits the labels", () => {
    expect(isStandIn("todo-frontend:1.0.0", labels)).toBe(false);
  });

  test("is not the official image", () => {
    expect(isStandIn("node:24-slim", {})).toBe(false);
  });
});
