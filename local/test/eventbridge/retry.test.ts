import { describe, expect, it } from "vitest";
import { afterFailure, type Failure } from "../../eventbridge/retry.ts";

const start = Date.parse("2026-01-05T09:00:00Z");
const failure: Failure = {
  retriable: true,
  firstAt: start,
  now: start,
  retries: 0,
  policy: {},
  jitter: 0,
};

/** How often a target that never answers is tried again, and why that ends. */
function exhaust(policy: Failure["policy"], jitter: number) {
  let [now, retries] = [start, 0];
  for (;;) {
    const next = afterFailure({ ...failure, now, retries, policy, jitter });
    if (next.kind === "give up") {
      return { retries, condition: next.condition, hours: (next.at - start) / 3_600_000 };
    }
    now = next.at;
    retries++;
  }
}

describe("what follows a failed delivery", () => {
  it("is a dead letter at once when no retry can mend the error", () => {
    expect(afterFailure({ ...failure, retriable: false })).toEqual({
      kind: "give up",
      at: start,
      condition: undefined,
    });
  });

  it("is a retry after a pause that grows and is never above ten minutes", () => {
    const pauses = [0, 1, 2, 5, 20].map(
      (retries) => afterFailure({ ...failure, retries, jitter: 1 }).at - start,
    );
    expect(pauses).toEqual([1_000, 2_000, 4_000, 32_000, 600_000]);
  });

  it("spreads the pause by jitter", () => {
    expect(afterFailure({ ...failure, retries: 2, jitter: 0 }).at - start).toBe(2_000);
    expect(afterFailure({ ...failure, retries: 2, jitter: 0.5 }).at - start).toBe(3_000);
  });

  // "By default, EventBridge retries sending the event for 24 hours and up to 185 times" (user guide, eb-rule-retry-policy).
  it("ends by default after 185 retries", () => {
    expect(exhaust({}, 0)).toMatchObject({ retries: 185, condition: "MaximumRetryAttempts" });
  });

  it("ends by default after 24 hours", () => {
    expect(exhaust({}, 1)).toMatchObject({ condition: "MaximumEventAgeInSeconds", hours: 24 });
  });

  it("keeps to the number of retries of the target", () => {
    expect(exhaust({ maximumRetryAttempts: 3 }, 0.5)).toMatchObject({
      retries: 3,
      condition: "MaximumRetryAttempts",
    });
    expect(exhaust({ maximumRetryAttempts: 0 }, 0.5)).toMatchObject({
      retries: 0,
      condition: "MaximumRetryAttempts",
    });
  });

  it("keeps to the age of the target", () => {
    expect(exhaust({ maximumEventAgeInSeconds: 60 }, 0.5)).toMatchObject({
      condition: "MaximumEventAgeInSeconds",
      hours: 1 / 60,
    });
  });
});
