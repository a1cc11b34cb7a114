import { PromoterError } from "../../domain/errors.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { CollectedRelease, ReleaseKey } from "../../domain/release.ts";
import type { Collected, CollectedPush } from "../../ports/releases.ts";
import type { Item } from "./marshal.ts";
import { memberAttributes, releaseOf, rememberedEvents } from "./release-item.ts";
import { updateItem, type Key, type Table, type Update, type Written } from "./table.ts";

const tries = 5;

interface Collecting {
  readonly table: Table;
  readonly itemKey: Key;
  readonly key: ReleaseKey;
  readonly push: CollectedPush;
}

/**
 * One write for a member that is new or came again with the same digest; what the first write
 * refused is looked at and decided.
 */
export async function collectPush(collecting: Collecting): Promise<Collected> {
  let result = await write(collecting, {
    set: replacing,
    condition:
      "attribute_not_exists(#digest) OR (#digest = :digest AND #pushedAt <= :pushedAt AND NOT contains(#events, :event))",
  });
  let changed = false;
  for (let attempt = 1; attempt <= tries && result.kind === "refused"; attempt += 1) {
    const release = releaseOf(collecting.key, result.existing ?? {});
    if (
      lookUp(release.members, collecting.push.repository)?.events.includes(collecting.push.event)
    ) {
      return { release, repeated: true, changed: false };
    }
    const next = reconsider(release, collecting.push);
    changed = next.changed;
    result = await write(collecting, next.update);
  }
  if (result.kind === "refused") throw contended(collecting);
  await forgetOldEvents(collecting, result.item);
  return { release: releaseOf(collecting.key, result.item), repeated: false, changed };
}

const counting = [
  "#events = list_append(if_not_exists(#events, :none), :events)",
  "#firstSeen = if_not_exists(#firstSeen, :now)",
];
const replacing = ["#digest = :digest", "#pushedAt = :pushedAt", ...counting];

function write({ table, itemKey, push }: Collecting, update: Update): Promise<Written> {
  const { digest, pushedAt, event, now } = push;
  return updateItem(table, itemKey, {
    ...update,
    names: memberAttributes(push.repository),
    values: { digest, pushedAt, event, now, none: [], events: [event], ...update.values },
  });
}

/**
 * On condition that what was seen is still so: a push that is older is only counted, a changed
 * digest has to settle until it is final.
 */
function reconsider(
  { members, final }: CollectedRelease,
  push: CollectedPush,
): { readonly update: Update; readonly changed: boolean } {
  const former = lookUp(members, push.repository);
  const uncounted = "#digest = :former AND NOT contains(#events, :event)";
  const values = { former: former?.digest, settlesAt: push.now + push.settle };
  if (former && push.pushedAt < former.pushedAt) {
    return {
      update: { set: counting, condition: `${uncounted} AND #pushedAt > :pushedAt`, values },
      changed: false,
    };
  }
  const condition = `${uncounted} AND #pushedAt <= :pushedAt AND ${final === undefined ? "attribute_not_exists" : "attribute_exists"}(#final)`;
  const changed = former?.digest !== push.digest;
  const settles = changed && final === undefined;
  return {
    update: {
      set: settles ? [...replacing, "#settlesAt = :settlesAt"] : replacing,
      condition,
      values,
    },
    changed,
  };
}

/** Whoever comes second finds another length and leaves it. */
async function forgetOldEvents({ table, itemKey, push }: Collecting, item: Item): Promise<void> {
  const names = memberAttributes(push.repository);
  const size = item[names.events]?.L?.length ?? 0;
  if (size <= rememberedEvents) return;
  const remove = Array.from({ length: size - rememberedEvents }, (_, index) => `#events[${index}]`);
  await updateItem(table, itemKey, {
    remove,
    condition: "size(#events) = :size",
    names,
    values: { size },
  });
}

function contended({ key, push }: Collecting): PromoterError {
  return new PromoterError(
    "WriteContended",
    `collecting ${push.repository} for ${key.application} ${key.version}: expected to win within ${tries} tries; try again later`,
  );
}
