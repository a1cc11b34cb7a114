import { createHash } from "node:crypto";
import { bounded } from "../../src/domain/bounded.ts";
import { freeLock, type Lock } from "../../src/domain/lock.ts";
import type { EnvironmentKey } from "../../src/domain/promotion.ts";
import type { CurrentRelease, Environments, Hold } from "../../src/ports/environments.ts";
import { assertItemFits } from "./assert-item-fits.ts";
import { copyOf } from "./copy-of.ts";

interface StoredEnvironment {
  readonly promoted: Map<string, CurrentRelease>;
  readonly holds: Map<string, Hold>;
  lock: Lock;
  current: CurrentRelease | undefined;
}

export function fakeEnvironments(): Environments {
  const stored = new Map<string, StoredEnvironment>();
  const at = ({ application, environment }: EnvironmentKey): StoredEnvironment => {
    const key = `${application}#${environment}`;
    const found = stored.get(key) ?? {
      promoted: new Map(),
      holds: new Map(),
      lock: freeLock,
      current: undefined,
    };
    stored.set(key, found);
    return found;
  };
  return {
    readLock: async (key) => copyOf(at(key).lock),
    async writeLock(key, lock) {
      const environment = at(key);
      if (environment.lock.revision !== lock.revision - 1) return false;
      assertItemFits(bounded(lock));
      environment.lock = bounded(copyOf(lock));
      return true;
    },
    readCurrent: async (key) => copyOf(at(key).current),
    async writeCurrent(key, current) {
      const environment = at(key);
      const { promoted } = environment;
      promoted.set(current.version, newer(promoted.get(current.version), current));
      environment.current = newer(environment.current, current);
    },
    readPromoted: async (key, version) => copyOf(at(key).promoted.get(version)),
    configurationKey: async (key) =>
      createHash("sha256")
        .update(JSON.stringify([key.application, key.environment]))
        .digest("hex"),
    readHold: async (key, set) => copyOf(at(key).holds.get(set)),
    async writeHold(key, hold) {
      assertItemFits(bounded(hold));
      at(key).holds.set(hold.set, bounded(copyOf(hold)));
    },
    async clearHold(key, set) {
      at(key).holds.delete(set);
    },
    readHolds: async (key) => copyOf([...at(key).holds.values()]),
  };
}

function newer(present: CurrentRelease | undefined, current: CurrentRelease): CurrentRelease {
  return present && present.since > current.since ? present : copyOf(current);
}
