import { expect, test } from "vitest";
import { scenarios, takenBack, type Scenario } from "./fault-case.ts";
import { describeOutage, outagesOf, runOutage } from "./outage.ts";
import { runSideBySide } from "./sweep.ts";

const swept: readonly (Scenario | undefined)[] = [scenarios[0], scenarios[3], takenBack];

test.each(swept.flatMap((scenario) => scenario ?? []))(
  "$name: whatever a function lacks for hours, the promotion ends, says why, and nothing is held or lost",
  async (scenario) => {
    const reports = await runSideBySide(await outagesOf(scenario), { run: runOutage });
    const lines = reports.filter(({ violations }) => violations.length > 0).map(describeOutage);
    process.stdout.write(
      [`${scenario.name}: ${reports.length} outages, ${lines.length} violated`, ...lines, ""].join(
        "\n",
      ),
    );
    expect(reports.length).toBeGreaterThan(20);
    expect(lines).toEqual([]);
  },
);
