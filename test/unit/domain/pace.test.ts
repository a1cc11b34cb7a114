import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  recordStart,
  nextStart,
  paceOf,
  recordThrottle,
  recordSuccess,
  type Pace,
} from "../../../src/domain/pace.ts";

/** Begins so many as soon as each may, and gives when. */
function begin(
  count: number,
  pace: Pace,
  from = 0,
): { readonly pace: Pace; readonly times: readonly number[] } {
  const times: number[] = [];
  let now = from;
  let going = pace;
  for (let index = 0; index < count; index += 1) {
    now = Math.max(now, nextStart(going));
    times.push(now);
    going = recordStart(going, now);
  }
  return { pace: going, times };
}

describe("a pace", () => {
  it("lets as many begin at once as a second holds, and the next when the second is over", () => {
    expect(begin(7, paceOf(3)).times).toEqual([0, 0, 0, 1_000, 1_000, 1_000, 2_000]);
  });

  it("never lets more begin in any second, whenever they come", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 }),
        (most, pauses) => {
          let now = 0;
          let pace = paceOf(most);
          const times = pauses.map((pause) => {
            now = Math.max(now + pause, nextStart(pace));
            pace = recordStart(pace, now);
            return now;
          });
          for (const from of times) {
            expect(
              times.filter((at) => at >= from && at < from + 1_000).length,
            ).toBeLessThanOrEqual(most);
          }
        },
      ),
    );
  });

  it("is halved by throttling, to one a second at the least", () => {
    const rates: number[] = [];
    let pace = paceOf(10);
    for (let now = 0; now < 5; now += 1) {
      pace = recordThrottle(pace, { begunAt: now * 2, now: now * 2 + 1 });
      rates.push(pace.rate);
    }
    expect(rates).toEqual([5, 2, 1, 1, 1]);
  });

  it("is halved once for all that were under way at that moment", () => {
    const once = recordThrottle(paceOf(10), { begunAt: 100, now: 200 });
    expect(recordThrottle(once, { begunAt: 150, now: 250 }).rate).toBe(5);
    expect(recordThrottle(once, { begunAt: 201, now: 300 }).rate).toBe(2);
  });

  it("grows by one after as many good writes as a second holds, up to what is configured", () => {
    let pace = recordThrottle(paceOf(4), { begunAt: 0, now: 0 });
    const rates = Array.from({ length: 12 }, () => (pace = recordSuccess(pace)).rate);
    expect(rates).toEqual([2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
  });

  it("goes on after it was slowed down with what began before in mind", () => {
    const { pace } = begin(10, paceOf(10));
    expect(begin(6, recordThrottle(pace, { begunAt: 0, now: 100 }), 100).times).toEqual([
      1_000, 1_000, 1_000, 1_000, 1_000, 2_000,
    ]);
  });
});
