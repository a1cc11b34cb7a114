import { describe, expect, it } from "vitest";
import { formatTime } from "../../../../src/domain/format-time.ts";
import { parseDigest, type Digest } from "../../../../src/domain/image/digest.ts";
import type { ImageTree } from "../../../../src/domain/image/image-tree.ts";
import { parseRepositoryName } from "../../../../src/domain/image/repository.ts";
import { exists } from "../../../../src/domain/rules/exists.ts";
import type { ImageFacts, ScanState } from "../../../../src/domain/rules/facts.ts";
import { isOldEnough } from "../../../../src/domain/rules/is-old-enough.ts";
import { runsOnPlatforms } from "../../../../src/domain/rules/runs-on-platforms.ts";
import { scanIsClean } from "../../../../src/domain/rules/scan-is-clean.ts";

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("not well formed");
  return value;
}

const digest: Digest = must(parseDigest(`sha256:${"a".repeat(64)}`));
const repository = must(parseRepositoryName("orderbook-api"));
const minute = 60_000;
const openedAt = 1_000_000_000;

function facts(state: ImageFacts["state"]): ImageFacts {
  return { repository, digest, state };
}

const clean: ScanState = { kind: "complete", counts: {}, completedAt: undefined };

function present(scans: Readonly<Record<string, ScanState>>, pushedAt = openedAt): ImageFacts {
  const platforms = Object.keys(scans);
  const tree: ImageTree = {
    kind: "index",
    children: platforms.map((platform) => ({
      platform,
      tree: { kind: "image", digest, platform },
    })),
  };
  return facts({
    kind: "present",
    pushedAt,
    images: platforms.map((platform) => ({ digest, platform, scan: scans[platform] ?? clean })),
    tree,
  });
}

const scanned = (counts: Readonly<Record<string, number>>): ImageFacts =>
  present({ "linux/amd64": { kind: "complete", counts, completedAt: 1 } });

const at = (now: number): { readonly now: number; readonly openedAt: number } => ({
  now,
  openedAt,
});

describe("an image exists", () => {
  it("when it exists", () => {
    expect(exists.check(present({ "linux/amd64": clean }))).toMatchObject({ kind: "pass" });
  });

  it.each<readonly [string, ImageFacts["state"], RegExp]>([
    ["missing", { kind: "missing" }, /not in the registry; push it again/],
    ["archived", { kind: "archived" }, /restore it/],
    [
      "without a layer",
      { kind: "incomplete", missing: [digest], elsewhere: [] },
      new RegExp(`${digest} missing`),
    ],
    [
      "with a layer that nodes fetch from elsewhere",
      { kind: "incomplete", missing: [], elsewhere: [digest] },
      new RegExp(`nodes would fetch ${digest} from elsewhere`),
    ],
    [
      "an index of which a child cannot be judged",
      { kind: "unjudgeable", fault: "its child is strange" },
      /cannot be judged: its child is strange; build it without that/,
    ],
    [
      "an index of attestations",
      { kind: "present", pushedAt: 0, images: [], tree: { kind: "index", children: [] } },
      /nothing that a node can run/,
    ],
  ])("not when it is %s", (_, state, reason) => {
    expect(exists.check(facts(state))).toEqual({
      kind: "refuse",
      reason: expect.stringMatching(reason),
    });
  });
});

describe("an image runs on the platforms", () => {
  const image = present({ "linux/amd64": clean, "linux/arm64": clean });

  it.each([[[]], [["linux/amd64"]], [["linux/arm64", "linux/amd64"]], [["linux/arm64/v8"]]])(
    "%j",
    (wanted) => {
      expect(runsOnPlatforms.check(image, wanted)).toMatchObject({ kind: "pass" });
    },
  );

  it("and an index of nothing runs on none", () => {
    expect(runsOnPlatforms.check(present({}), ["linux/amd64"])).toMatchObject({
      reason: "orderbook-api runs on no platform, not on linux/amd64: build it for all of them",
    });
  });

  it("and is refused for each that it lacks, by name", () => {
    expect(runsOnPlatforms.check(image, ["linux/amd64", "linux/s390x", "linux/arm/v7"])).toEqual({
      kind: "refuse",
      reason:
        "orderbook-api runs on linux/amd64, linux/arm64, not on linux/s390x, linux/arm/v7: build it for all of them",
    });
  });

  it("as promoter.yml names them in any spelling", () => {
    expect(runsOnPlatforms.options.parse(["linux/x86_64", "linux/arm64/v8"])).toEqual([
      "linux/amd64",
      "linux/arm64",
    ]);
    expect(runsOnPlatforms.options.parse(undefined)).toEqual([]);
  });
});

describe("an image is old enough", () => {
  it.each([
    [0, openedAt, "pass"],
    [minute, openedAt + minute, "pass"],
    [minute, openedAt + minute - 1, "wait"],
  ])("age %i at %i: %s", (age, now, kind) => {
    expect(isOldEnough.check(present({ "linux/amd64": clean }), age, at(now)).kind).toBe(kind);
  });

  it("and else waits until it is, which is before the wait expires", () => {
    const finding = isOldEnough.check(
      present({ "linux/amd64": clean }),
      90 * minute,
      at(openedAt + 30 * minute),
    );
    expect(finding).toEqual({
      kind: "wait",
      until: openedAt + 90 * minute,
      deadline: expect.any(Number),
      reason: `orderbook-api must be 1h 30m old, which it will be at ${formatTime(openedAt + 90 * minute)}`,
    });
    expect(finding.kind === "wait" && finding.deadline > finding.until).toBe(true);
  });

  it("also when the registry's clock is ahead of ours", () => {
    expect(
      isOldEnough.check(present({ "linux/amd64": clean }, openedAt + 5000), 0, at(openedAt)),
    ).toMatchObject({ kind: "wait", until: openedAt + 5000 });
  });
});

describe("a scan is clean", () => {
  const options = must(scanIsClean.options.parse({ critical: 0, high: 1, medium: 2 }));
  const check = (image: ImageFacts, now = openedAt): ReturnType<typeof scanIsClean.check> =>
    scanIsClean.check(image, options, at(now));

  it("when findings stay within the limits, and those without a limit do not count", () => {
    expect(check(scanned({ HIGH: 1, MEDIUM: 2, LOW: 99, TOTAL: 102 }))).toEqual({
      kind: "pass",
      reason: "orderbook-api (linux/amd64): it has 1 HIGH, 2 MEDIUM, 99 LOW",
    });
  });

  it("when the rule is off, whatever was found", () => {
    expect(scanIsClean.check(scanned({ CRITICAL: 9 }), undefined, at(openedAt)).kind).toBe("pass");
  });

  const remedy =
    "push an image without them under a new version, or raise the limits in promoter.yml";

  it.each([
    [{ CRITICAL: 1 }, "1 CRITICAL (at most 0)"],
    [{ high: 2 }, "2 HIGH (at most 1)"],
    [{ Critical: 3, MEDIUM: 3, HIGH: 1 }, "3 CRITICAL (at most 0), 3 MEDIUM (at most 2)"],
  ])("but not with %j", (counts, told) => {
    expect(check(scanned(counts))).toEqual({
      kind: "refuse",
      reason: `orderbook-api (linux/amd64): it has ${told}; ${remedy}`,
    });
  });

  it("and names the worst findings, with package and remedy, and those alone that are over the limits", () => {
    const examples = [
      { name: "CVE-3", severity: "HIGH", package: "zlib 1.2" },
      { name: "CVE-1", severity: "CRITICAL", package: "openssl 3.0.1", fixedIn: "3.0.2" },
      { name: "CVE-9", severity: "LOW" },
      { name: "CVE-2", severity: "CRITICAL", fixedIn: "" },
      { name: "CVE-4", severity: "HIGH" },
    ];
    const told = (counts: Readonly<Record<string, number>>): string =>
      check(present({ "linux/amd64": { kind: "complete", counts, completedAt: 1, examples } }))
        .reason;
    expect(told({ CRITICAL: 2, HIGH: 40, LOW: 1 })).toBe(
      `orderbook-api (linux/amd64): it has 2 CRITICAL (at most 0), 40 HIGH (at most 1): CVE-1 in openssl 3.0.1 (CRITICAL, fixed in 3.0.2), CVE-2 (CRITICAL, no fix yet), CVE-3 in zlib 1.2 (HIGH) and 39 more; ${remedy}`,
    );
    expect(told({ HIGH: 2, LOW: 9 })).toBe(
      `orderbook-api (linux/amd64): it has 2 HIGH (at most 1): CVE-3 in zlib 1.2 (HIGH), CVE-4 (HIGH); ${remedy}`,
    );
    expect(told({ LOW: 9 })).toBe("orderbook-api (linux/amd64): it has 9 LOW");
  });

  it("of a dozen images only the first few are listed one by one", () => {
    const image = present(
      Object.fromEntries(
        Array.from({ length: 12 }, (_, number) => [
          `linux/n${number}`,
          { kind: "complete", counts: { CRITICAL: 1 }, completedAt: 1 } as const,
        ]),
      ),
    );
    expect(check(image).reason).toMatch(
      /linux\/n7\): it has 1 CRITICAL \(at most 0\); likewise 4 more of its images; push/,
    );
  });

  it("only when it is on every platform, and names the one where it is not", () => {
    const image = present({
      "linux/amd64": clean,
      "linux/arm64": { kind: "complete", counts: { CRITICAL: 1 }, completedAt: 1 },
    });
    expect(check(image)).toEqual({
      kind: "refuse",
      reason: `orderbook-api (linux/arm64): it has 1 CRITICAL (at most 0); ${remedy}`,
    });
  });

  it("not when one platform failed and another one is still being scanned: refused at once", () => {
    const image = present({
      "linux/amd64": { kind: "in-progress" },
      "linux/arm64": { kind: "failed", reason: "LIMIT_EXCEEDED" },
    });
    expect(check(image)).toMatchObject({
      kind: "refuse",
      reason: expect.stringContaining("linux/arm64): its scan failed (LIMIT_EXCEEDED)"),
    });
  });

  it("not yet while it is in progress: waits, at the latest until 30 minutes after the start", () => {
    const image = present({
      "linux/amd64": { kind: "in-progress" },
      "linux/arm64": { kind: "absent" },
    });
    const time = `it has 30m from the start of the promotion, until ${formatTime(openedAt + 30 * minute)}`;
    expect(check(image)).toEqual({
      kind: "wait",
      until: openedAt + 15_000,
      deadline: openedAt + 30 * minute,
      reason: `orderbook-api (linux/amd64): its scan is not finished; ${time}; orderbook-api (linux/arm64): it is not scanned yet; ${time}`,
    });
  });

  it.each([
    [0, 15_000],
    [40_000, 80_000],
    [10 * minute, 20 * minute],
    [20 * minute, 30 * minute],
  ])(
    "looks again after %i ms at %i ms: ever more rarely, never after the deadline",
    (after, next) => {
      expect(
        check(present({ "linux/amd64": { kind: "in-progress" } }), openedAt + after),
      ).toMatchObject({ until: openedAt + next });
    },
  );

  it("not when it is still in progress at the deadline: a wait that is over, for the caller to expire", () => {
    expect(
      check(present({ "linux/amd64": { kind: "in-progress" } }), openedAt + 30 * minute),
    ).toMatchObject({
      kind: "wait",
      deadline: openedAt + 30 * minute,
      reason: expect.stringContaining(
        `it had 30m from the start of the promotion, until ${formatTime(openedAt + 30 * minute)}`,
      ),
    });
  });

  it.each([
    ["refuse", "absent", minute, "wait"],
    ["wait", "absent", minute, "wait"],
    ["allow", "absent", minute, "wait"],
    ["refuse", "absent", 30 * minute, "refuse"],
    ["wait", "absent", 30 * minute, "wait"],
    ["allow", "absent", 30 * minute, "pass"],
    ["refuse", "unsupported", 0, "refuse"],
    ["wait", "unsupported", 0, "refuse"],
    ["allow", "unsupported", 0, "pass"],
    ["allow", "failed", 0, "refuse"],
    ["allow", "in-progress", 30 * minute, "wait"],
  ] as const)("unscanned: %s makes of %s after %i ms: %s", (unscanned, kind, after, expected) => {
    const scan: ScanState =
      kind === "unsupported" || kind === "failed"
        ? { kind, reason: "UNSUPPORTED_IMAGE" }
        : { kind };
    expect(
      scanIsClean.check(
        present({ "linux/amd64": scan }),
        { ...options, unscanned },
        at(openedAt + after),
      ).kind,
    ).toBe(expected);
  });

  it("with nothing tolerated that is critical or high, unless promoter.yml says otherwise", () => {
    expect(scanIsClean.options.parse({})).toEqual({
      critical: 0,
      high: 0,
      unscanned: "refuse",
      wait: 30 * minute,
    });
    expect(scanIsClean.options.parse(undefined)).toBeUndefined();
  });
});
