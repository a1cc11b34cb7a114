import type { ObserverAnswer } from "../../src/domain/observation.ts";
import type { ObservedRelease, Observers } from "../../src/ports/observers.ts";

export interface FakeObservers extends Observers {
  /** What the next look says, whatever is asked; all others say that it is well. */
  sayNext(look: ObserverAnswer): void;
  /** The releases that functions were asked about. */
  readonly releases: readonly ObservedRelease[];
}

export function fakeObservers(): FakeObservers {
  const said: ObserverAnswer[] = [];
  const releases: ObservedRelease[] = [];
  const look = (what: string): ObserverAnswer =>
    said.shift() ?? { kind: "well", reason: `${what} is well` };
  return {
    releases,
    sayNext: (one) => void said.push(one),
    alarms: async (arns) => arns.map(look),
    http: async (url) => look(url),
    async invoke(arn, release) {
      releases.push(release);
      return look(arn);
    },
  };
}
