import { expect, it } from "vitest";
import { exitCodeOfShow } from "../../../cli/show/exit-code-of-show.ts";
import type { ShowResult } from "../../../cli/show/promote-all.ts";

it.each<readonly [string, Partial<ShowResult>, number]>([
  ["nothing to promote", {}, 0],
  ["all promoted", { endings: ["Promoted", "AlreadyPromoted"] }, 0],
  ["one rejected", { endings: ["Promoted", "Rejected"] }, 1],
  ["one that may succeed later", { endings: ["Expired", "Promoted"] }, 75],
  ["one that was not followed to its end", { endings: ["Promoted"], lost: ["p-1"] }, 1],
  ["Ctrl-C before the end", { endings: ["Promoted"], interrupted: "SIGINT" }, 130],
  ["a reader that went away", { interrupted: "SIGPIPE" }, 141],
])("npm start -- --once after %s exits accordingly", (_, result, exitCode) => {
  expect(exitCodeOfShow({ endings: [], lost: [], interrupted: undefined, ...result })).toBe(exitCode);
});
