import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/domain/hash.ts";
import type { Digest } from "../../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../../src/domain/image/repository.ts";
import type { Tag } from "../../../src/domain/image/tag.ts";
import { contentHash, type Plan } from "../../../src/domain/plan.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const plan: Plan = {
  application: "shop",
  environment: "production",
  cluster: "shop-prod",
  namespace: "shop",
  version: "1.4.2",
  fromVersion: "1.4.1",
  members: [
    {
      repository: "shop-api" as RepositoryName,
      digest: `sha256:${"1".repeat(64)}` as Digest,
      releaseTag: "prod-1.4.2" as Tag,
      movingTag: undefined,
    },
  ],
  objects: [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "shop", namespace: "shop" },
      data: { one: "1", two: "2" },
    },
  ],
  verdicts: [{ rule: "scan", subject: "shop-api", kind: "pass" }],
};

const withPin = (pin: string): Plan => ({
  ...plan,
  objects: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "shop" }, stringData: { pin } }],
});

/** The same value with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, turned(member)]),
  );
}

describe("the content hash", () => {
  it("does not depend on the order of keys, at any depth", () => {
    expect(contentHash(turned(plan) as Plan, hash)).toBe(contentHash(plan, hash));
  });

  it.each<[string, Partial<Plan>]>([
    ["environment", { environment: "staging" }],
    ["cluster", { cluster: "other" }],
    ["namespace", { namespace: "other" }],
    ["version", { version: "1.4.3" }],
    ["version that it starts from", { fromVersion: undefined }],
    [
      "digest",
      {
        members: plan.members.map((one) => ({
          ...one,
          digest: `sha256:${"2".repeat(64)}` as Digest,
        })),
      },
    ],
    [
      "release tag",
      { members: plan.members.map((one) => ({ ...one, releaseTag: "live-1.4.2" as Tag })) },
    ],
    ["moving tag", { members: plan.members.map((one) => ({ ...one, movingTag: "prod" as Tag })) }],
    ["object", { objects: plan.objects.map((one) => ({ ...one, data: { one: "1", two: "3" } })) }],
    ["verdict", { verdicts: [{ rule: "scan", subject: "shop-api", kind: "wait" }] }],
  ])("changes with the %s", (_, change) => {
    expect(contentHash({ ...plan, ...change }, hash)).not.toBe(contentHash(plan, hash));
  });

  it("changes with a value of a Secret, which nothing shows: an approval is bound to it", () => {
    expect(contentHash(withPin("1234"), hash)).not.toBe(contentHash(withPin("4321"), hash));
  });

  it("treats a member that is undefined like one that is absent, as storage does", () => {
    const bare = plan.members.map(
      ({ repository, digest, releaseTag }) =>
        ({ repository, digest, releaseTag }) as Plan["members"][number],
    );
    expect(contentHash({ ...plan, members: bare }, hash)).toBe(contentHash(plan, hash));
  });
});

describe("canonical JSON", () => {
  it("is JSON of the same value, and the same after it was stored and read", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("keeps the order of lists", () => {
    expect(canonicalJson([2, 1])).toBe("[2,1]");
  });
});
