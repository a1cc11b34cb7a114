import { expect, it } from "vitest";
import { resume } from "../../../cli/commands/resume.ts";
import type { Connection } from "../../../cli/connection.ts";
import type { Terminal } from "../../../cli/terminal.ts";

const key = { application: "orderbook", environment: "production", by: "ada" };
const terminal: Terminal = {
  line: () => undefined,
  error: () => undefined,
  style: (_, text) => text,
  interactive: false,
};

function exitCodeAfter(...outcomes: readonly string[]): Promise<number> {
  const left = [...outcomes];
  const connection: Connection = {
    where: "here",
    pace: 0,
    invoke: () => Promise.resolve({ outcome: left.shift(), reasons: [], seconds: 0 }),
    start: () => Promise.resolve(),
  };
  return resume(
    { key, settled: false, rollBack: outcomes.length > 0 && outcomes[0] !== "lifted" },
    { connection, terminal },
  );
}

it.each([
  [["progressing", "progressing", "resumed"], 0],
  [["progressing", "stalled"], 1],
  [["lifted"], 0],
] as const)("resume that ends %j exits with %i", async (outcomes, exitCode) => {
  expect(await exitCodeAfter(...outcomes)).toBe(exitCode);
});
