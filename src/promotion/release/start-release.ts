import type { Application } from "../../domain/configuration.ts";
import { completeSet, setHash } from "../../domain/release.ts";
import { versionRefusal } from "../../domain/version-refusal.ts";
import {
  startPromotion,
  type Start,
  type Started,
  type StartPromotionPorts,
} from "./start-promotion.ts";

export type ReleaseStart =
  | { readonly kind: "incomplete"; readonly missing: readonly string[] }
  /** `declined`: why environments do not accept the version. */
  | {
      readonly kind: "complete";
      readonly started: readonly Started[];
      readonly declined: readonly string[];
    };

/**
 * Starts one execution per entry environment that accepts the version, as soon as the set is
 * complete. Its version stays open work: an execution may die before it has a record.
 */
export async function startRelease(
  {
    application,
    release,
    repeated,
  }: Pick<Start, "release" | "repeated"> & { readonly application: Application },
  ports: StartPromotionPorts,
): Promise<ReleaseStart> {
  const set = completeSet(application.members, release.members);
  if (set.kind === "incomplete") return set;
  const entries = Object.values(application.environments).filter(
    ({ after }) => after === undefined,
  );
  const judged = entries.map((environment) => ({
    name: environment.name,
    refusal: versionRefusal({ application, environment }, release.version),
  }));
  const wanting = judged.filter(({ refusal }) => refusal === undefined);
  const hashed = setHash(set.members, ports.hash);
  const started = await Promise.all(
    wanting.map(({ name }) =>
      startPromotion({ release, environment: name, set: hashed, repeated }, ports),
    ),
  );
  return { kind: "complete", started, declined: judged.flatMap(({ refusal }) => refusal ?? []) };
}
