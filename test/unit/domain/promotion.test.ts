import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  endings,
  isFailure,
  mayStartAgain,
  promotionId,
  type PromotionName,
} from "../../../src/domain/promotion.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const name: PromotionName = {
  application: "shop",
  environment: "production",
  version: "1.4.2",
  set: "a".repeat(64),
  attempt: 1,
};

describe("the id of a promotion", () => {
  it("is the same for the same application, environment, version, set and attempt, in whatever order they come", () => {
    const turned = {
      attempt: 1,
      set: "a".repeat(64),
      version: "1.4.2",
      environment: "production",
      application: "shop",
    };
    expect(promotionId(turned, hash)).toBe(promotionId(name, hash));
  });

  it.each<[string, Partial<PromotionName>]>([
    ["application", { application: "shop2" }],
    ["environment", { environment: "staging" }],
    ["version", { version: "1.4.3" }],
    ["set", { set: "b".repeat(64) }],
    ["attempt", { attempt: 2 }],
  ])("differs with the %s", (_, change) => {
    expect(promotionId({ ...name, ...change }, hash)).not.toBe(promotionId(name, hash));
  });

  it("does not run together what belongs to different parts", () => {
    expect(promotionId({ ...name, application: "shopp", environment: "roduction" }, hash)).not.toBe(
      promotionId(name, hash),
    );
  });

  // StartExecution, parameter name: 1 to 80 characters; we keep to the portable ones.
  it("is a valid execution name for whatever the parts are", () => {
    const parts = fc.record({
      application: fc.string(),
      environment: fc.string(),
      version: fc.string(),
      set: fc.string(),
      attempt: fc.integer({ min: 1, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(parts, (one) => {
        expect(promotionId(one, hash)).toMatch(/^[0-9A-Za-z_-]{1,80}$/);
      }),
    );
  });
});

describe("another attempt by a push", () => {
  it.each(
    endings.map(
      (ending) =>
        [ending, ["WaitExpired", "Expired", "Superseded", "Failed"].includes(ending)] as const,
    ),
  )("after %s before anything was written: %s", (ending, allowed) => {
    expect(mayStartAgain({ ending, progress: "none" })).toBe(allowed);
  });

  it("is not made after a failure that had begun to write, nor while the promotion is open", () => {
    expect(mayStartAgain({ ending: "Failed", progress: "writing" })).toBe(false);
    expect(mayStartAgain({ ending: undefined, progress: "none" })).toBe(false);
  });
});

describe("endings", () => {
  it("are failures only when alarms must see them", () => {
    expect(endings.filter(isFailure)).toEqual(["RolledBack", "Failed"]);
  });
});
