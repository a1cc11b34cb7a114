import { describe, expect, it } from "vitest";
import { parseDigest } from "../../../../src/domain/image/digest.ts";
import { parseRepositoryName } from "../../../../src/domain/image/repository.ts";
import { decide, type Facts } from "../../../../src/domain/rules/decide.ts";
import type { ImageFacts, ScanState } from "../../../../src/domain/rules/facts.ts";
import {
  factsNeeded,
  rules,
  rulesSchema,
  type RuleOptions,
} from "../../../../src/domain/rules/index.ts";

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("not well formed");
  return value;
}

const digest = must(parseDigest(`sha256:${"a".repeat(64)}`));
const opened = 1_000_000_000;
const minute = 60_000;
const moment = { now: opened, openedAt: opened };
const everything: RuleOptions = rulesSchema.parse({
  platforms: ["linux/amd64"],
  scan: {},
  age: "10m",
});
const nothing: RuleOptions = rulesSchema.parse({});

function image(
  name: string,
  state: Partial<{
    readonly scan: ScanState;
    readonly pushedAt: number;
    readonly platform: string;
  }> = {},
): ImageFacts {
  const {
    scan = { kind: "complete", counts: {}, completedAt: 1 },
    pushedAt = 0,
    platform = "linux/amd64",
  } = state;
  return {
    repository: must(parseRepositoryName(name)),
    digest,
    state: {
      kind: "present",
      pushedAt,
      images: [{ digest, platform, scan }],
      tree: { kind: "image", digest, platform },
    },
  };
}

function facts(images: readonly ImageFacts[], release: Partial<Facts["release"]> = {}): Facts {
  return {
    images,
    release: {
      application: "orderbook",
      environment: "production",
      version: "1.4.2",
      set: "s1",
      order: "semver",
      trigger: "push",
      pushedAt: 0,
      current: undefined,
      final: undefined,
      hold: undefined,
      unsettled: undefined,
      ...release,
    },
  };
}

describe("a decision", () => {
  it("promotes when every rule passes, with a verdict of each for each image and the release", () => {
    const decision = decide(facts([image("api"), image("ui")]), everything, moment);
    expect(decision.kind).toBe("promote");
    expect(decision.verdicts.map(({ rule, subject }) => `${rule} ${subject}`)).toEqual([
      "exists api",
      "platforms api",
      "scan api",
      "age api",
      "exists ui",
      "platforms ui",
      "scan ui",
      "age ui",
      "versions orderbook",
      "order orderbook",
      "hold orderbook",
      "settled orderbook",
    ]);
    expect(decision.reasons).toHaveLength(12);
  });

  it("refuses when one rule refuses, even if another waits, with the reasons of all that refuse", () => {
    const decision = decide(
      facts(
        [image("api", { scan: { kind: "in-progress" } }), image("ui", { platform: "linux/arm64" })],
        { unsettled: { by: "p-1", reason: "x" } },
      ),
      everything,
      moment,
    );
    expect(decision).toMatchObject({
      kind: "refuse",
      reasons: [
        expect.stringContaining("ui runs on linux/arm64"),
        expect.stringContaining("unsettled"),
      ],
    });
  });

  it("waits for all that waits: looks again at the first moment, gives up at the earliest deadline", () => {
    const decision = decide(
      facts([image("api", { scan: { kind: "in-progress" } }), image("ui", { pushedAt: opened })]),
      everything,
      moment,
    );
    expect(decision).toMatchObject({
      kind: "wait",
      until: opened + 15_000,
      deadline: opened + 25 * minute,
      reasons: [expect.stringContaining("api"), expect.stringContaining("ui")],
    });
  });

  it("stays a wait after its deadline, which the caller sees", () => {
    const decision = decide(facts([image("api", { scan: { kind: "in-progress" } })]), everything, {
      now: opened + 60 * minute,
      openedAt: opened,
    });
    expect(decision).toMatchObject({ kind: "wait", deadline: opened + 30 * minute });
  });

  it("says of a missing image only that it is missing", () => {
    const missing: ImageFacts = { ...image("api"), state: { kind: "missing" } };
    const decision = decide(facts([missing]), everything, moment);
    expect(decision).toMatchObject({
      kind: "refuse",
      reasons: [expect.stringContaining("not in the registry")],
    });
    expect(decision.verdicts.filter(({ subject }) => subject === "api")).toHaveLength(1);
  });

  it("looks at no findings, platforms or ages that promoter.yml does not ask for", () => {
    const decision = decide(
      facts([
        image("api", {
          scan: { kind: "complete", counts: { CRITICAL: 7 }, completedAt: 1 },
          platform: "plan9/mips",
          pushedAt: opened,
        }),
      ]),
      nothing,
      moment,
    );
    expect(decision.kind).toBe("promote");
  });
});

describe("the table of rules", () => {
  it("gives promoter.yml a key for each rule with options, and no other", () => {
    expect(Object.keys(rulesSchema.shape)).toEqual(["platforms", "scan", "age"]);
    expect(rulesSchema.safeParse({ exists: true }).success).toBe(false);
  });

  it("names every rule once and describes it", () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    expect(rules.filter(({ description }) => description.length < 10)).toEqual([]);
  });

  it("asks for facts only as far as rules are on", () => {
    expect(factsNeeded(nothing)).toEqual([]);
    expect(factsNeeded(everything)).toEqual(["scan"]);
    expect(factsNeeded(rulesSchema.parse({ scan: {} }))).toEqual(["scan"]);
    expect(factsNeeded(rulesSchema.parse({ platforms: ["linux/amd64"], age: "10m" }))).toEqual([]);
  });

  it("fills in options that survive JSON, as the functions read them", () => {
    expect(JSON.parse(JSON.stringify(everything))).toEqual({
      platforms: ["linux/amd64"],
      scan: { critical: 0, high: 0, unscanned: "refuse", wait: 30 * minute },
      age: 10 * minute,
    });
    expect(
      decide(facts([image("api")]), JSON.parse(JSON.stringify(nothing)) as RuleOptions, moment)
        .kind,
    ).toBe("promote");
  });
});
