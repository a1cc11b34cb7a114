import { onlyPlatform } from "@promoter/local-cloud/internal/containerd/platform-matcher.ts";
import { expect, it } from "vitest";
import { parsePlatform } from "../../../../src/domain/image/platform.ts";
import { runnablePlatforms } from "../../../../src/domain/image/runnable-platforms.ts";

/** What nodes run, in this order: containerd's `platforms` package, compare.go and compare_test.go. */
const table: readonly (readonly [node: string, runs: readonly string[]])[] = [
  ["linux/amd64", ["linux/amd64", "linux/386"]],
  ["linux/amd64/v1", ["linux/amd64", "linux/386"]],
  ["linux/amd64/v2", ["linux/amd64/v2", "linux/amd64", "linux/386"]],
  [
    "linux/amd64/v4",
    ["linux/amd64/v4", "linux/amd64/v3", "linux/amd64/v2", "linux/amd64", "linux/386"],
  ],
  ["linux/386", ["linux/386"]],
  ["linux/arm/v5", ["linux/arm/v5"]],
  ["linux/arm/v6", ["linux/arm/v6", "linux/arm/v5"]],
  ["linux/arm", ["linux/arm/v7", "linux/arm/v6", "linux/arm/v5"]],
  ["linux/arm/v8", ["linux/arm/v8", "linux/arm/v7", "linux/arm/v6", "linux/arm/v5"]],
  ["linux/arm64", ["linux/arm64", "linux/arm/v8", "linux/arm/v7", "linux/arm/v6", "linux/arm/v5"]],
  [
    "linux/arm64/v8.2",
    [
      "linux/arm64/v8.2",
      "linux/arm64/v8.1",
      "linux/arm64",
      "linux/arm/v8",
      "linux/arm/v7",
      "linux/arm/v6",
      "linux/arm/v5",
    ],
  ],
  [
    "linux/arm64/v9",
    [
      "linux/arm64/v9",
      "linux/arm64/v8.5",
      "linux/arm64/v8.4",
      "linux/arm64/v8.3",
      "linux/arm64/v8.2",
      "linux/arm64/v8.1",
      "linux/arm64",
      "linux/arm/v9",
      "linux/arm/v8",
      "linux/arm/v7",
      "linux/arm/v6",
      "linux/arm/v5",
    ],
  ],
  ["linux/s390x", ["linux/s390x"]],
  ["linux/ppc64le", ["linux/ppc64le"]],
  ["windows/amd64", ["windows/amd64", "windows/386"]],
  [
    "darwin/arm64",
    ["darwin/arm64", "darwin/arm/v8", "darwin/arm/v7", "darwin/arm/v6", "darwin/arm/v5"],
  ],
];

const everyPlatform = [
  ...new Set(table.flatMap(([node, runs]) => [node, ...runs])),
  "linux/arm64/v9.1",
  "linux/arm64/v8.6",
  "linux/amd64/v5",
  "linux/mips",
];
const platformOf = (text: string) => {
  const [os = "", architecture = "", variant = ""] = text.split("/");
  return { os, architecture, variant };
};

it.each(table)("a node of %s runs, best first, %j", (node, runs) => {
  const matcher = onlyPlatform(platformOf(node));
  const ranked = everyPlatform.flatMap((platform) => {
    const rank = matcher.rank(platformOf(platform));
    return rank === undefined ? [] : [{ platform: parsePlatform(platform), rank }];
  });
  const normal = runs.map((platform) => parsePlatform(platform));
  expect([
    ...new Set(ranked.toSorted((a, b) => a.rank - b.rank).map(({ platform }) => platform)),
  ]).toEqual(normal);
  expect(runnablePlatforms(parsePlatform(node) ?? "")).toEqual(normal);
});

it("takes a platform without operating system for one of the node's own", () => {
  expect(
    onlyPlatform({ os: "linux", architecture: "amd64" }).rank({ architecture: "x86_64" }),
  ).toBe(0);
  expect(onlyPlatform({ os: "linux", architecture: "amd64" }).rank({})).toBeUndefined();
});
