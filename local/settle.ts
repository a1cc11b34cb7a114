import type { Activity } from "./activity.ts";
import { isVirtual, type Clock } from "./clock.ts";

/**
 * A virtual clock moves only when nothing is under way; a schedule is always armed, so somebody has
 * to say when it is enough.
 */
export async function settle(
  { activity, clock }: { readonly activity: Activity; readonly clock: Clock },
  done: (() => boolean | Promise<boolean>) | undefined,
): Promise<void> {
  await activity.idle();
  if (!done || !isVirtual(clock)) return;
  while (!(await done())) {
    const next = clock.next();
    if (next === undefined) return;
    clock.advanceTo(next);
    await activity.idle();
  }
}
