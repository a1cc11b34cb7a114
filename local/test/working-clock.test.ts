import { array, assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../clock.ts";
import { workingClock, type WorkingClock } from "../working-clock.ts";

/** A process: its timers fire late when it is kept from working. */
function aProcess() {
  const outside = virtualClock(1_000_000);
  let stalledUntil = 0;
  const after = (milliseconds: number, action: () => void): (() => void) => {
    let cancel: () => void;
    const fire = (): void => {
      if (outside.now() >= stalledUntil) return action();
      cancel = outside.at(stalledUntil, fire);
    };
    cancel = outside.at(outside.now() + milliseconds, fire);
    return () => cancel();
  };
  const every = (milliseconds: number, action: () => void): (() => void) => {
    let cancel: () => void;
    const again = (): void => {
      action();
      cancel = after(milliseconds, again);
    };
    cancel = after(milliseconds, again);
    return () => cancel();
  };
  const clock: WorkingClock = workingClock({ now: () => outside.now(), after, every });
  return {
    outside,
    clock,
    work: (milliseconds: number) => outside.advanceTo(outside.now() + milliseconds),
    stall: (milliseconds: number) => {
      stalledUntil = outside.now() + milliseconds;
      outside.advanceTo(stalledUntil);
    },
  };
}

describe("a working clock", () => {
  it("goes with the time outside while the process works", () => {
    const { clock, outside, work } = aProcess();
    work(3_600_000);
    expect(clock.now()).toBe(outside.now());
  });

  it("lets a limit of thirty seconds pass through stalls of a minute in all", () => {
    const { clock, outside, work, stall } = aProcess();
    const start = outside.now();
    let fired: number | undefined;
    clock.at(clock.now() + 30_000, () => {
      fired = outside.now() - start;
    });
    for (let second = 0; second < 27; second += 1) {
      work(1_000);
      stall(2_000);
    }
    expect(fired).toBeUndefined();
    work(2_000);
    expect(fired).toBeGreaterThan(80_000);
  });

  it("follows the time outside when the machine has slept", () => {
    const { clock, outside, work, stall } = aProcess();
    work(1_000);
    stall(8 * 3_600_000);
    work(100);
    expect(clock.now()).toBe(outside.now());
  });

  it("never goes back, and never ahead of the time outside", () => {
    assert(
      property(array(integer({ min: -5_000, max: 5_000 }), { maxLength: 50 }), (steps) => {
        const { clock, outside, work, stall } = aProcess();
        let last = clock.now();
        for (const step of steps) {
          if (step < 0) stall(-step);
          else work(step);
          expect(clock.now()).toBeGreaterThanOrEqual(last);
          expect(clock.now()).toBeLessThanOrEqual(outside.now());
          last = clock.now();
        }
      }),
      { numRuns: 50 },
    );
  });

  it("stops looking, and a timer that is called off stays silent", () => {
    const { clock, outside, work } = aProcess();
    let fired = false;
    clock.at(clock.now() + 100, () => {
      fired = true;
    })();
    clock.stop();
    expect(outside.next()).toBeUndefined();
    work(1_000);
    expect(fired).toBe(false);
  });
});
