import { assert, double, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { decideRetry, type RetryCounts } from "../../step-functions/interpreter/decide-retry.ts";
import { matchesError } from "../../step-functions/interpreter/matches-error.ts";
import { StateFailure } from "../../step-functions/interpreter/state-failure.ts";

const retrier = {
  errors: ["States.ALL"],
  intervalSeconds: 2,
  maxAttempts: 5,
  backoffRate: 3,
  maxDelaySeconds: 20,
  jitter: "FULL" as const,
};

function delays(random: () => number): readonly number[] {
  const taken: number[] = [];
  let counts: RetryCounts = [];
  for (
    let decision = decideRetry([retrier], new StateFailure("E", ""), { counts, random });
    decision;
    decision = decideRetry([retrier], new StateFailure("E", ""), { counts, random })
  ) {
    taken.push(decision.delaySeconds);
    counts = decision.counts;
  }
  return taken;
}

describe("a retry with full jitter", () => {
  it("waits between nothing and the whole interval, at most MaxAttempts times", () => {
    assert(
      property(double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (draw) => {
        const longest = [2, 6, 18, 20, 20];
        const taken = delays(() => draw);
        expect(taken).toHaveLength(longest.length);
        for (const [index, delay] of taken.entries()) {
          expect(delay).toBeCloseTo(draw * (longest[index] ?? 0), 9);
        }
      }),
    );
  });
});

// developer guide "concepts-error-handling", "Error names"
describe("ErrorEquals", () => {
  it.each([
    [["E"], "E", true],
    [["e"], "E", false],
    [["States.ALL"], "E", true],
    [["States.ALL"], undefined, true],
    [["States.ALL"], "States.Timeout", true],
    [["States.ALL"], "States.QueryEvaluationError", true],
    [["States.ALL"], "States.Runtime", false],
    [["States.Runtime"], "States.Runtime", false],
    [["States.TaskFailed"], "States.Runtime", false],
    [["States.ALL"], "States.DataLimitExceeded", true],
    [["States.DataLimitExceeded"], "States.DataLimitExceeded", true],
    [["States.TaskFailed"], "E", true],
    [["States.TaskFailed"], "Lambda.Unknown", true],
    [["States.TaskFailed"], "States.Timeout", false],
    [["States.Timeout"], "States.Timeout", true],
    [["States.HeartbeatTimeout"], "States.Timeout", false],
  ])("%j matches %s: %s", (errors, error, matches) => {
    expect(matchesError(errors, new StateFailure(error, ""))).toBe(matches);
  });

  it.each([
    ["States.ALL", false],
    ["States.TaskFailed", false],
    ["States.DataLimitExceeded", true],
  ])("%s matches data of a state that are too large: %s", (name, matches) => {
    expect(
      matchesError(
        [name],
        new StateFailure("States.DataLimitExceeded", undefined, { onlyByName: true }),
      ),
    ).toBe(matches);
  });
});
