import { addIgnoredPush, type IgnoredPush } from "../../domain/ignored-push.ts";
import type { IgnoredPushes } from "../../ports/ignored-pushes.ts";
import { joinKey, type Key } from "./key.ts";
import { fieldsOf } from "./marshal.ts";
import { putRevision } from "./put-revision.ts";
import { getItem, type Table } from "./table.ts";

interface StoredPushes {
  readonly revision: number;
  readonly pushes: readonly IgnoredPush[];
}

/** A writer that loses this often has many competitors; the log has them all. */
const tries = 5;

/** One item for each application, so that it cannot grow. */
export function dynamodbIgnoredPushes(table: Table): IgnoredPushes {
  return {
    async note(application, push) {
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        const { revision, pushes } = await read(table, application);
        const next: StoredPushes = { revision: revision + 1, pushes: addIgnoredPush(pushes, push) };
        if (await putRevision(table, keyOf(application), next)) return;
      }
    },
    list: async (application) => (await read(table, application)).pushes,
  };
}

async function read(table: Table, application: string): Promise<StoredPushes> {
  const item = await getItem(table, keyOf(application));
  return item ? fieldsOf<StoredPushes>(item) : { revision: 0, pushes: [] };
}

function keyOf(application: string): Key {
  return { pk: joinKey("IGNORED", application), sk: "PUSHES" };
}
