import type { World } from "./world.ts";

const made = new WeakMap<World, Map<string, unknown>>();

/** One thing of a kind per world, made on first use. */
export function once<Thing>(world: World, kind: string, make: () => Thing): Thing {
  const things = made.get(world) ?? new Map<string, unknown>();
  made.set(world, things);
  if (!things.has(kind)) things.set(kind, make());
  return things.get(kind) as Thing;
}
