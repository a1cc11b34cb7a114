import { resumeCommand } from "./command-line.ts";
import type { Unsettled } from "./lock.ts";
import type { EnvironmentKey } from "./promotion.ts";

/** Why nothing enters an environment, and the two ways out. */
export function describeUnsettled(
  key: EnvironmentKey,
  { by, reason }: Pick<Unsettled, "by" | "reason">,
): string {
  const ways = `${resumeCommand(key, "--settled")} or ${resumeCommand(key, "--roll-back")}`;
  return `${key.environment} was left unsettled by ${by}: ${reason}; check the cluster, then run ${ways}`;
}
