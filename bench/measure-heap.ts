import { virtualClock } from "@promoter/local-cloud/clock";
import { hasEnded, pushRelease, startBenchCloud } from "./bench-cloud.ts";
import type { Section } from "./report.ts";

interface Heap {
  /** Megabytes while the cloud still has everything, and when it and all that it stored is gone. */
  readonly full: number;
  readonly left: number;
}

/**
 * What stays on the heap besides what the cloud stores. Stored bytes are not summed up but
 * released: the cloud is closed and dropped, so whatever stays is a leak and must not grow with the
 * number of promotions.
 */
export async function measureHeap([few, many]: readonly [number, number]): Promise<Section> {
  await heapAfter(3);
  const small = await heapAfter(few);
  const large = await heapAfter(many);
  return {
    title: "heap after collection",
    rows: [
      { name: `after ${few} promotions`, value: small.full, unit: "MB", kind: "timed" },
      {
        name: `after ${few} promotions, less what was stored`,
        value: small.left,
        unit: "MB",
        kind: "timed",
      },
      { name: `after ${many} promotions`, value: large.full, unit: "MB", kind: "timed" },
      {
        name: `after ${many} promotions, less what was stored`,
        value: large.left,
        unit: "MB",
        kind: "timed",
      },
      {
        name: "stored by one promotion",
        value: ((large.full - large.left - small.full + small.left) / (many - few)) * 1024,
        unit: "KB",
        kind: "timed",
      },
      {
        name: "less what was stored, growth",
        value: Math.max(0, (large.left / small.left - 1) * 100),
        unit: "%",
        bound: 5,
        kind: "timed",
      },
    ],
  };
}

async function heapAfter(promotions: number): Promise<Heap> {
  const full = await promoteMany(promotions);
  return { full, left: await settledHeap() };
}

/**
 * Sockets and finalizers release memory in their own time, so measure until nothing more has gone
 * for half a second.
 */
async function settledHeap(): Promise<number> {
  let least = heapUsed();
  for (let quiet = 0; quiet < 5; quiet += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = heapUsed();
    if (now < least * 0.999) quiet = 0;
    least = Math.min(least, now);
  }
  return least;
}

async function promoteMany(promotions: number): Promise<number> {
  const { cloud } = await startBenchCloud({ clock: virtualClock(), approval: false });
  for (let index = 0; index < promotions; index += 1) {
    await pushRelease(cloud, `1.0.${index}`);
    await cloud.settle(() => hasEnded(cloud, index + 1));
  }
  const full = heapUsed();
  await cloud.close();
  return full;
}

function heapUsed(): number {
  if (!globalThis.gc) throw new Error("run it with node --expose-gc");
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
