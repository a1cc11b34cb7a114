import type { Application } from "../domain/configuration.ts";
import { completeSet, setHash, type CollectedRelease } from "../domain/release.ts";
import { startPromotion, type Started, type StartPorts } from "./start-promotion.ts";

export type ReleaseStart =
  | { readonly kind: "incomplete"; readonly missing: readonly string[] }
  | { readonly kind: "complete"; readonly started: readonly Started[] };

export interface StartingRelease {
  readonly application: Application;
  readonly release: CollectedRelease;
  readonly repeated: boolean;
}

/** One execution per entry environment as soon as the set is complete. Its version stays open work: an execution may die before it has a record. */
export async function startRelease({ application, release, repeated }: StartingRelease, ports: StartPorts): Promise<ReleaseStart> {
  const set = completeSet(application.repositories, release.members);
  if (set.kind === "incomplete") return set;
  const entries = Object.values(application.environments).filter(({ after }) => after === undefined);
  const hashed = setHash(set.members, ports.hash);
  const started = await Promise.all(entries.map(({ name }) => startPromotion({ release, environment: name, set: hashed, repeated }, ports)));
  return { kind: "complete", started };
}
