import type { Clock } from "../../clock.ts";
import { type JsonObject, listAt, stringAt } from "../../json-value.ts";
import type { BehaviourBook } from "../nodes/container-behaviour.ts";
import { definitions } from "../objects/custom-resources.ts";
import { nameOf, namespaceOf } from "../objects/object-value.ts";
import { knownResource, type Resource } from "../objects/resource-table.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import type { StandIn } from "./create-stand-in.ts";
import type { Verdict } from "./workload-status.ts";

interface Stage {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly track: (work: Promise<void>) => Promise<void>;
  /** Milliseconds until what an object asks for is there. */
  readonly delay: number;
}

const played = new Set(
  ["StatefulSet", "DaemonSet", "Job", "PersistentVolumeClaim"].map(knownResource),
);
const isPlayed = (resource: Resource): boolean =>
  resource.custom !== undefined || resource === definitions || played.has(resource);

export interface Player {
  /** Looks again, after the delay. */
  wake(): void;
  close(): void;
}

/** Has a stand-in look whenever something that it stands in for has changed. */
export function playLocally({ store, clock, track, delay }: Stage, standIn: StandIn): Player {
  let cancel: (() => void) | undefined;
  const wake = (): void => {
    cancel ??= clock.at(clock.now() + delay, () => {
      cancel = undefined;
      void track(standIn.look());
    });
  };
  const stop = store.onChange(({ kind, resource }) => {
    if (kind === "put" && isPlayed(resource)) wake();
  });
  return {
    wake,
    close() {
      stop();
      cancel?.();
    },
  };
}

/** How objects turn out: as somebody said, else as their containers behave. */
export interface VerdictBook {
  set(object: string, namespace: string, verdict: Verdict | undefined): void;
  of(kind: string, object: JsonObject): Verdict;
}

export function createVerdictBook(behaviours: BehaviourBook): VerdictBook {
  const said = new Map<string, Verdict>();
  return {
    set: (object, namespace, verdict) =>
      verdict === undefined
        ? void said.delete(`${namespace}/${object}`)
        : void said.set(`${namespace}/${object}`, verdict),
    of(kind, object) {
      const told = said.get(`${namespaceOf(object)}/${kind}/${nameOf(object)}`);
      if (told !== undefined) return told;
      const behaving = listAt(object, "spec", "template", "spec", "containers").map(
        (container) => behaviours.of(stringAt(container, "image") ?? "").kind,
      );
      if (behaving.includes("crash")) return "failed";
      return behaving.includes("never-ready") ? "not-ready" : "ready";
    },
  };
}
