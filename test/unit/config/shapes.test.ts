import { describe, expect, it } from "vitest";
import { base, deployment, load, told } from "./shop-project.ts";

const without = (key: "tags" | "podSpec", text: string): string =>
  text.replace(new RegExp(`^ +${key}: \\{.*\\n`, "gm"), "");

describe("an environment", () => {
  it("may have tags only, and then no clusters are needed", async () => {
    const text = without("podSpec", base).replace(/clusters:\n(?: {2}.*\n){2}/, "");
    const loaded = await load(text);
    expect(loaded).toMatchObject({
      kind: "ok",
      configuration: {
        clusters: {},
        applications: {
          shop: {
            environments: { staging: { podSpec: undefined }, production: { after: "staging" } },
          },
        },
      },
      podSpecs: { "shop/staging": [], "shop/production": [] },
    });
  });

  it("may have a cluster only", async () => {
    const loaded = await load(without("tags", base), deployment);
    expect(loaded).toMatchObject({
      kind: "ok",
      configuration: { applications: { shop: { environments: { staging: { tags: undefined } } } } },
    });
  });

  it("has one of both", async () => {
    const text = without("tags", without("podSpec", base)).replace("staging:\n", "staging: {}\n");
    const nothing =
      "tags and podSpec are both missing, so a promotion would change nothing -> " +
      "add tags: { release: … } to write tags, podSpec: { … } to deploy, or both";
    expect(await told(text)).toEqual([`10:16 ${nothing}`, `12:9 ${nothing}`]);
  });
});
