import type { Lock } from "../../../src/domain/lock.ts";
import type { Promised } from "./promise.ts";

/**
 * Whoever says that an unsettled environment is in order, or has it put back, stands in the trail
 * of the promotion that left it so.
 */
export const whoDecidedIsKnown: Promised = ({ world }) => {
  const unsettled = new Map<string, string>();
  const settled: { readonly by: string; readonly step: string }[] = [];
  world.watchers.push(({ port, method, args, result, guest: { step } }) => {
    if (port !== "environments" || method !== "writeLock" || result !== true) return;
    const { environment } = args[0] as { readonly environment: string };
    const before = unsettled.get(environment);
    const { unsettled: now } = args[1] as Lock;
    if (before !== undefined && !now) settled.push({ by: before, step });
    if (now) unsettled.set(environment, now.by);
    else unsettled.delete(environment);
  });
  return async () => {
    const found = await Promise.all(
      settled.map(async ({ by, step }) => {
        const trail = await world.stores.trail.read(by);
        return trail.some((entry) => entry.step === step && entry.who === "ZOE")
          ? []
          : [
              `${step} settled what ${world.label(by)} had left, and its trail does not say who asked for it`,
            ];
      }),
    );
    return found.flat();
  };
};
