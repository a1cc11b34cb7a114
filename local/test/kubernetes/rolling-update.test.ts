import { describe, expect, it } from "vitest";
import {
  nextScales,
  rollingBudget,
  type RollingUpdate,
  roomForNew,
} from "../../kubernetes/controllers/rolling-update.ts";

// https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment, and
// pkg/controller/deployment/rolling.go of kubernetes/kubernetes with its table in rolling_test.go.

function update(
  current: [wanted: number, available: number],
  ...old: [wanted: number, available: number][]
): RollingUpdate {
  return {
    replicas: 10,
    maxSurge: 2,
    maxUnavailable: 2,
    current: { name: "new", wanted: current[0], available: current[1] },
    old: old.map(([wanted, available], index) => ({ name: `old${index}`, wanted, available })),
  };
}

describe("the budget", () => {
  it.each([
    { replicas: 3, surge: "30%", unavailable: "30%", maxSurge: 1, maxUnavailable: 0 },
    { replicas: 10, surge: "30%", unavailable: "30%", maxSurge: 3, maxUnavailable: 3 },
    { replicas: 1, surge: "25%", unavailable: "25%", maxSurge: 1, maxUnavailable: 0 },
    { replicas: 3, surge: 0, unavailable: "25%", maxSurge: 0, maxUnavailable: 1 },
    { replicas: 2, surge: 5, unavailable: 5, maxSurge: 5, maxUnavailable: 2 },
  ])(
    "of $surge surge and $unavailable unavailable at $replicas replicas",
    ({ replicas, surge, unavailable, ...expected }) => {
      expect(rollingBudget(replicas, surge, unavailable)).toEqual(expected);
    },
  );
});

describe("the next sizes", () => {
  it.each([
    [
      "grow the new set into the surge first",
      update([0, 0], [10, 10]),
      [{ name: "new", replicas: 2 }],
    ],
    ["take away no working pod while the new ones are not available", update([4, 0], [8, 8]), []],
    [
      "take away as many old pods as new ones came",
      update([4, 2], [8, 8]),
      [{ name: "old0", replicas: 6 }],
    ],
    ["take away broken old pods at once", update([2, 2], [10, 8]), [{ name: "old0", replicas: 6 }]],
    [
      "count new pods that are not available against broken old ones too",
      update([4, 0], [8, 4]),
      [],
    ],
    ["empty the oldest set first", update([8, 6], [2, 2], [2, 2]), [{ name: "old0", replicas: 0 }]],
    ["take a new set back to what is wanted", update([12, 12]), [{ name: "new", replicas: 10 }]],
    ["change nothing when all is done", update([10, 10], [0, 0]), []],
  ])("%s", (_what, given, expected) => {
    expect(nextScales(given)).toEqual(expected);
  });

  it("give a set that starts beside others only what the surge leaves", () => {
    expect(roomForNew(update([0, 0], [7, 7], [2, 2]))).toBe(3);
  });
});
