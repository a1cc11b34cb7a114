import type { World } from "./world.ts";

/**
 * How many times as long as in AWS a service may be silent: `PROMOTER_PATIENCE`, else once. The
 * local cloud shares the processor with its functions, so that its silence says nothing.
 */
export function patienceOf({ env }: World): number {
  return Number(env["PROMOTER_PATIENCE"] ?? 1);
}
