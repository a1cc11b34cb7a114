import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { formatTime } from "../../../src/domain/format-time.ts";
import { addRelativeTimes } from "../../../src/domain/relative-times.ts";

const now = Date.UTC(2026, 0, 5, 9, 0, 0, 436);

it.each([
  [59 * 60_000, "2026-01-05 09:59:00 UTC (in 59m)"],
  [-3_600_000 - 62_000, "2026-01-05 07:58:58 UTC (1h 1m ago)"],
  [-2 * 86_400_000, "2026-01-03 09:00:00 UTC (2d ago)"],
  [0, "2026-01-05 09:00:00 UTC (now)"],
])("an instant %d ms away says both", (offset, text) => {
  expect(addRelativeTimes(formatTime(now + offset), now)).toBe(text);
});

it("leaves every other text as it is, and finds several instants in one", () => {
  expect(addRelativeTimes("orderbook 1.4.2 waits 2026-01-05 for nobody", now)).toBe(
    "orderbook 1.4.2 waits 2026-01-05 for nobody",
  );
  expect(
    addRelativeTimes(`from ${formatTime(now - 60_000)} to ${formatTime(now + 60_000)}`, now),
  ).toBe("from 2026-01-05 08:59:00 UTC (1m ago) to 2026-01-05 09:01:00 UTC (in 1m)");
});

/** What a rollout took until it was given up lies between two moments, and stays so. */
const between = ["src/domain/rollout.ts"];

it("is for whoever prints: nothing that is recorded measures from the moment at which it is said", async () => {
  const root = new URL("../../../", import.meta.url).pathname;
  const files = globSync("src/{domain,promotion}/**/*.ts", { cwd: root }).filter(
    (file) => !between.includes(file),
  );
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(`${root}${file}`, "utf8") })),
  );
  expect(
    texts.flatMap(({ file, text }) =>
      /formatDuration\([^)]*\bnow\b|addRelativeTimes\(.*[`"]/.test(text) ? [file] : [],
    ),
  ).toEqual([]);
});
