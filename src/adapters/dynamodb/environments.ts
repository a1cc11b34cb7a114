import { randomBytes } from "node:crypto";
import { PromoterError } from "../../domain/errors.ts";
import { freeLock } from "../../domain/lock.ts";
import type { EnvironmentKey } from "../../domain/promotion.ts";
import type { CurrentRelease, Environments, Hold } from "../../ports/environments.ts";
import { environmentPartition, isAbsent, joinKey, type Key } from "./key.ts";
import { lockOf, type LockItem } from "./lock-item.ts";
import { fieldsOf } from "./marshal.ts";
import { putRevision } from "./put-revision.ts";
import { queryItems } from "./query-items.ts";
import { deleteItem, getItem, putItem, type Table } from "./table.ts";

export function dynamodbEnvironments(table: Table): Environments {
  return {
    async readLock(key) {
      const item = await readFields<LockItem>(table, itemKey(key, "LOCK"));
      return item ? lockOf(item) : freeLock;
    },
    writeLock: (key, lock) => putRevision(table, itemKey(key, "LOCK"), lock),
    readCurrent: (key) => readFields<CurrentRelease>(table, itemKey(key, "CURRENT")),
    async writeCurrent(key, current) {
      await putNewer(table, itemKey(key, joinKey("PROMOTED", current.version)), current);
      await putNewer(table, itemKey(key, "CURRENT"), current);
    },
    readPromoted: (key, version) =>
      readFields<CurrentRelease>(table, itemKey(key, joinKey("PROMOTED", version))),
    configurationKey: (key) => onceMadeKey(table, itemKey(key, "CONFIGURATION")),
    readHold: (key, set) => readFields<Hold>(table, holdKey(key, set)),
    async writeHold(key, hold) {
      await putItem(table, holdKey(key, hold.set), { fields: hold });
    },
    clearHold: (key, set) => deleteItem(table, holdKey(key, set)),
    async readHolds(key) {
      const items = await queryItems(table, { pk: environmentPartition(key), prefix: "HOLD#" });
      return items.map((item) => fieldsOf<Hold>(item));
    },
  };
}

interface KeyItem {
  readonly hex: string;
}

/** Of those that make it at the same time one writes it, and all have that one. */
async function onceMadeKey(table: Table, key: Key): Promise<string> {
  const stored = await readFields<KeyItem>(table, key);
  if (stored) return stored.hex;
  const made: KeyItem = { hex: randomBytes(32).toString("hex") };
  const result = await putItem(table, key, { fields: made, condition: isAbsent });
  const item = result.kind === "written" ? result.item : result.existing;
  if (item) return fieldsOf<KeyItem>(item).hex;
  throw new PromoterError("StoreUnavailable", `the table does not tell what stands at ${key.pk}`);
}

/**
 * Closing is repeated after a crash, perhaps when a later release runs already: an older one never
 * replaces a newer one.
 */
async function putNewer(table: Table, key: Key, current: CurrentRelease): Promise<void> {
  const condition = `${isAbsent} OR #since <= :since`;
  await putItem(table, key, { fields: current, condition, values: { since: current.since } });
}

async function readFields<Fields>(table: Table, key: Key): Promise<Fields | undefined> {
  const item = await getItem(table, key);
  return item && fieldsOf<Fields>(item);
}

function holdKey(key: EnvironmentKey, set: string): Key {
  return itemKey(key, joinKey("HOLD", set));
}

function itemKey(key: EnvironmentKey, sk: string): Key {
  return { pk: environmentPartition(key), sk };
}
