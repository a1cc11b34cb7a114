import { setTimeout as pause } from "node:timers/promises";
import type { LocalCloud } from "@promoter/local-cloud";
import { realClock } from "@promoter/local-cloud/clock";
import {
  enteredStates,
  hasEnded,
  newestExecution,
  pushBuilds,
  pushRelease,
  repositories,
  startBenchCloud,
} from "./bench-cloud.ts";
import { median, quantile, type Row, type Section } from "./report.ts";

/**
 * In real time, without an approval: from the answer to the last member's push until every release
 * tag is there, and until the rollout is complete.
 */
export async function measureLatency(promotions: number): Promise<Section> {
  const { cloud } = await startBenchCloud({ clock: realClock, approval: false });
  const tagged: number[] = [];
  const rolledOut: number[] = [];
  try {
    for (let index = 0; index <= promotions; index += 1) {
      const times = await timePromotion(cloud, index);
      // The first one starts every function.
      if (index > 0) {
        tagged.push(times.tagged);
        rolledOut.push(times.rolledOut);
      }
    }
  } finally {
    await cloud.close();
  }
  return {
    title: `latency in real time, ${promotions} promotions, local cloud`,
    rows: [
      ...rowsOf("push to release tag", tagged, 1000),
      ...rowsOf("push to rolled out", rolledOut),
    ],
  };
}

function rowsOf(name: string, times: readonly number[], bound?: number): readonly Row[] {
  return [
    {
      name: `${name}, median`,
      value: median(times),
      unit: "ms",
      kind: "timed",
      ...(bound === undefined ? {} : { bound }),
    },
    { name: `${name}, 95th percentile`, value: quantile(times, 0.95), unit: "ms", kind: "timed" },
  ];
}

async function timePromotion(
  cloud: LocalCloud,
  index: number,
): Promise<{ readonly tagged: number; readonly rolledOut: number }> {
  const version = `1.0.${index}`;
  await pushBuilds(cloud, version);
  await pause(300);
  await pushRelease(cloud, version);
  const start = performance.now();
  await until(() =>
    repositories.every((repository) =>
      cloud.ecr.images(repository).some(({ tags }) => tags.includes(`prod-${version}`)),
    ),
  );
  const tagged = performance.now() - start;
  await until(() => enteredStates(cloud, newestExecution(cloud)).includes("MoveMovingTags"));
  const rolledOut = performance.now() - start;
  await until(() => hasEnded(cloud, index + 1));
  return { tagged, rolledOut };
}

async function until(condition: () => boolean): Promise<void> {
  const limit = performance.now() + 120_000;
  while (!condition()) {
    if (performance.now() > limit) {
      throw new Error("a promotion did not finish within two minutes");
    }
    await pause(2);
  }
}
