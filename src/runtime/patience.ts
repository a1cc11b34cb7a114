import type { World } from "./world.ts";

/**
 * The factor by which a service may be silent longer than in AWS: `PROMOTER_PATIENCE`, default 1.
 * The local cloud shares the processor with its functions, so its silence means nothing.
 */
export function patienceOf({ env }: World): number {
  return Number(env["PROMOTER_PATIENCE"] ?? 1);
}
