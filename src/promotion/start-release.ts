import type { Application } from "../domain/configuration.ts";
import { completeSet, setHash, type CollectedRelease } from "../domain/release.ts";
import type { OpenWork } from "../ports/open-work.ts";
import { startPromotion, type Started, type StartPorts } from "./start-promotion.ts";

export type ReleaseStart =
  | { readonly kind: "incomplete"; readonly missing: readonly string[] }
  | { readonly kind: "complete"; readonly started: readonly Started[] };

export interface StartingRelease {
  readonly application: Application;
  readonly release: CollectedRelease;
  readonly repeated: boolean;
}

/** One execution per entry environment as soon as the set is complete; until then the version stays in the open work. */
export async function startRelease({ application, release, repeated }: StartingRelease, ports: StartPorts & { readonly openWork: OpenWork }): Promise<ReleaseStart> {
  const set = completeSet(application.repositories, release.members);
  if (set.kind === "incomplete") return set;
  const entries = Object.values(application.environments).filter(({ after }) => after === undefined);
  const hashed = setHash(set.members, ports.hash);
  const started = await Promise.all(entries.map(({ name }) => startPromotion({ release, environment: name, set: hashed, repeated }, ports)));
  await ports.openWork.remove(application.name, { kind: "release", version: release.version });
  return { kind: "complete", started };
}
