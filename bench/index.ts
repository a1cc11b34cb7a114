import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { compareRetag } from "./compare-retag.ts";
import { countCalls, countSection } from "./count-calls.ts";
import { measureBundles } from "./measure-bundles.ts";
import { measureHeap } from "./measure-heap.ts";
import { measureLatency } from "./measure-latency.ts";
import { pricePromotions } from "./price-promotion.ts";
import { formatSection, verdict, type Section } from "./report.ts";

const {
  values: { smoke, json },
} = parseArgs({
  options: {
    smoke: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const sizes = smoke
  ? { processes: 1, only: ["on-image-push", "check-rollout"], latency: 2, heap: [2, 6] as const }
  : { processes: 7, latency: 50, heap: [200, 1000] as const };

const machine = `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`;
const sections: Section[] = [];
const show = (section: Section): void => {
  sections.push(section);
  if (!json) process.stdout.write(`${formatSection(section)}\n`);
};

if (!json) process.stdout.write(`${machine}\n\n`);
const counts = [...(await countCalls(false)), ...(await countCalls(true))];
for (const one of counts) show(countSection(one));
show(pricePromotions(counts));
show(await measureBundles(sizes));
show(await measureLatency(sizes.latency));
show(await measureHeap(sizes.heap));
if (!smoke) show(await compareRetag({ images: 100, late: 20 }));

const failed = sections.flatMap(({ title, rows }) =>
  rows.filter((row) => verdict(row) === "fail").map((row) => ({ ...row, title })),
);
if (json) process.stdout.write(`${JSON.stringify({ machine, sections, failed }, undefined, 2)}\n`);
else {
  process.stdout.write(
    failed.length === 0
      ? "all budgets are met\n"
      : `over budget: ${failed.map(({ title, name }) => `${title}: ${name}`).join("; ")}\n`,
  );
}
process.exitCode = !smoke && failed.some(({ kind }) => kind === "counted") ? 1 : 0;
