import { memberName, type Member, type ReleaseKey } from "../../domain/release.ts";
import type { Releases } from "../../ports/releases.ts";
import { collectPush } from "./collect-push.ts";
import { joinKey, type Key } from "./key.ts";
import { attemptAttribute, memberAttributes, releaseOf } from "./release-item.ts";
import { getItem, updateItem, type Table } from "./table.ts";

export function dynamodbReleases(table: Table): Releases {
  return {
    async read(key) {
      const item = await getItem(table, keyOf(key));
      return item && releaseOf(key, item);
    },
    collect: (key, push) => collectPush({ table, itemKey: keyOf(key), key, push }),
    finalise: (key, set, members) => finalise(table, key, { set, members }),
    nextAttempt: (key, attempt) => nextAttempt(table, key, attempt),
  };
}

/**
 * A member that the collector never saw (the version came from its tags) does not stand in the way.
 * The condition names every member, and DynamoDB takes at most 300 operators (developer guide,
 * "Quotas"), so a release may have some 70 of them.
 */
async function finalise(
  table: Table,
  key: ReleaseKey,
  { set, members }: { readonly set: string; readonly members: readonly Member[] },
): Promise<boolean> {
  const same = members.map(
    (_, index) => `(attribute_not_exists(#d${index}) OR #d${index} = :d${index})`,
  );
  const { kind } = await updateItem(table, keyOf(key), {
    set: ["#final = :set", "#finalMembers = :members"],
    condition: `#final = :set OR (${["attribute_not_exists(#final)", ...same].join(" AND ")})`,
    names: Object.fromEntries(
      members.map((member, index) => [`d${index}`, memberAttributes(memberName(member)).digest]),
    ),
    values: {
      set,
      members: Object.fromEntries(members.map((member) => [memberName(member), member.digest])),
      ...Object.fromEntries(members.map(({ digest }, index) => [`d${index}`, digest])),
    },
  });
  return kind === "written";
}

async function nextAttempt(
  table: Table,
  key: ReleaseKey,
  { environment, set, from }: Parameters<Releases["nextAttempt"]>[1],
): Promise<boolean> {
  const { kind } = await updateItem(table, keyOf(key), {
    set: ["#attempt = :next"],
    condition:
      from === 0 ? "attribute_not_exists(#attempt) OR #attempt = :from" : "#attempt = :from",
    names: { attempt: attemptAttribute(environment, set) },
    values: { from, next: from + 1 },
  });
  return kind === "written";
}

function keyOf({ application, version }: ReleaseKey): Key {
  return { pk: joinKey("RELEASE", application, version), sk: "RELEASE" };
}
