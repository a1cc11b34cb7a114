import { expect, it } from "vitest";
import { printPlan } from "../../../cli/promotion-view.ts";
import type { ShownPromotion } from "../../../src/promotion/operations/show-promotion.ts";

const digest = `sha256:${"a".repeat(64)}`;

it("members that share a repository have their own names and tags in a plan", () => {
  const lines: string[] = [];
  const tags = { repository: "shop", moving: undefined };
  const shown = {
    promotion: {
      tags: [
        { ...tags, name: "shop-api", release: { tag: "prod-api-1", state: "in-place" } },
        { ...tags, name: "shop-ui", release: { tag: "prod-ui-1", state: "absent" } },
        { ...tags, repository: "web", release: { tag: "prod-1", state: "in-place" } },
      ],
    },
    plan: {
      hash: "a".repeat(64),
      differences: [],
      plan: {
        members: [
          { name: "shop-ui", repository: "shop", digest, releaseTag: "prod-ui-1" },
          { name: "shop-api", repository: "shop", digest, releaseTag: "prod-api-1" },
          { repository: "web", digest, releaseTag: "prod-1" },
        ],
      },
    },
  } as unknown as ShownPromotion;
  const line = (text = ""): void => void lines.push(text);
  printPlan({ line, error: line, style: (_, text) => text, interactive: false }, shown);
  expect(lines.slice(2).map((text) => text.trim().split(/ +sha256:\S+ +| {2,}/))).toEqual([
    ["shop-ui", expect.any(String), "+ prod-ui-1"],
    ["shop-api", expect.any(String), "prod-api-1 in place"],
    ["web", expect.any(String), "prod-1 in place"],
  ]);
});
