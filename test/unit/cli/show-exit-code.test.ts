import { expect, it } from "vitest";
import { describeResult } from "../../../cli/show/describe-result.ts";
import type { ShowResult } from "../../../cli/show/promote-all.ts";
import { showExitCode } from "../../../cli/show/show-exit-code.ts";
import type { Ending } from "../../../src/domain/promotion.ts";

const ended = (...endings: readonly Ending[]): ShowResult["endings"] =>
  endings.map((ending) => ({ ...release, ending }));
const release = { application: "orderbook", version: "1.4.2", environment: "production" };

it.each<readonly [string, Partial<ShowResult>, number]>([
  ["nothing to promote", {}, 0],
  ["all promoted", { endings: ended("Promoted", "AlreadyPromoted") }, 0],
  ["one rejected", { endings: ended("Promoted", "Rejected") }, 1],
  ["one that may succeed later", { endings: ended("Expired", "Promoted") }, 75],
  ["one that was not followed to its end", { endings: ended("Promoted"), lost: ["p-1"] }, 1],
  [
    "one of which nothing could be pushed",
    { endings: ended("Promoted"), unpromotable: ["shop"] },
    1,
  ],
  ["Ctrl-C before the end", { endings: ended("Promoted"), interrupted: "SIGINT" }, 130],
  ["a reader that went away", { interrupted: "SIGPIPE" }, 141],
])("npm start -- --once after %s exits accordingly", (_, result, exitCode) => {
  expect(
    showExitCode({
      endings: [],
      lost: [],
      open: [],
      interrupted: undefined,
      unpromotable: [],
      ...result,
    }),
  ).toBe(exitCode);
});

it("says what was not promoted, and what it was waiting for when it was stopped", () => {
  expect(
    describeResult({
      endings: ended("Promoted"),
      lost: [],
      open: [],
      interrupted: undefined,
      unpromotable: [],
    }),
  ).toEqual([]);
  expect(
    describeResult({
      endings: ended("Rejected"),
      lost: ["p-1"],
      open: [{ ...release, environment: "staging" }],
      interrupted: "SIGINT",
      unpromotable: ["shop"],
    }),
  ).toEqual([
    "orderbook 1.4.2 -> production was not promoted: it ended as Rejected",
    "stopped before the end of orderbook 1.4.2 -> staging",
    "nothing of shop can be promoted: no environment takes a version that `npm start` could push",
    "not followed to the end: p-1",
  ]);
});
