import type * as z from "zod";
import type { EnvironmentTarget, PodSpecSource } from "../domain/configuration.ts";
import { isRecord } from "../domain/json.ts";
import type { TagsToWrite } from "../domain/member-source.ts";

/** An environment that neither writes tags nor deploys, whatever else is wrong with it. */
export const someTarget = {
  error: "tags and podSpec are both missing, so a promotion would change nothing",
  params: { remedy: "add tags: { release: … } to write tags, podSpec: { … } to deploy, or both" },
  when: ({ value }: z.core.ParsePayload): boolean => isRecord(value),
};

export function hasTarget(environment: unknown): boolean {
  return (
    isRecord(environment) &&
    (environment["tags"] !== undefined || environment["podSpec"] !== undefined)
  );
}

export function targetOf(
  tags: TagsToWrite | undefined,
  podSpec: PodSpecSource | undefined,
): EnvironmentTarget {
  if (tags) return { tags, podSpec };
  if (podSpec) return { tags: undefined, podSpec };
  throw new TypeError("a checked environment has tags, a pod spec or both");
}
