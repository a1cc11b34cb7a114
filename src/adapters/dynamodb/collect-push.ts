import { PromoterError } from "../../domain/errors.ts";
import { lookUp } from "../../domain/look-up.ts";
import { memberName, type CollectedRelease, type ReleaseKey } from "../../domain/release.ts";
import type { Collected, CollectedPush } from "../../ports/releases.ts";
import type { Update } from "./expressions.ts";
import type { Key } from "./key.ts";
import type { Item } from "./marshal.ts";
import { memberAttributes, releaseOf, rememberedEvents } from "./release-item.ts";
import { updateItem, type Table, type WriteResult } from "./table.ts";

const tries = 5;

interface CollectContext {
  readonly table: Table;
  readonly itemKey: Key;
  readonly key: ReleaseKey;
  readonly push: CollectedPush;
}

/**
 * One write for a member that is new or came again with the same digest; when the first write is
 * refused, the item is read and the case decided.
 */
export async function collectPush(context: CollectContext): Promise<Collected> {
  const { key, push } = context;
  let result = await write(context, {
    set: replacing,
    condition: `attribute_not_exists(#digest) OR (${again})`,
  });
  let changed = false;
  for (let attempt = 1; attempt <= tries && result.kind === "refused"; attempt += 1) {
    const release = releaseOf(key, result.existing ?? {});
    if (lookUp(release.members, memberName(push))?.events.includes(push.event)) {
      return { release, repeated: true, changed: false };
    }
    const next = reconsider(release, push);
    changed = next.changed;
    result = await write(context, next.update);
  }
  if (result.kind === "refused") throw contentionError(context);
  await forgetOldEvents(context, result.item);
  return { release: releaseOf(key, result.item), repeated: false, changed };
}

/** The same digest again, by an event that was not counted yet. */
const again = "#digest = :digest AND #pushedAt <= :pushedAt AND NOT contains(#events, :event)";
const counting = [
  "#events = list_append(if_not_exists(#events, :none), :events)",
  "#firstSeen = if_not_exists(#firstSeen, :now)",
];
const replacing = ["#digest = :digest", "#pushedAt = :pushedAt", ...counting];

function write(
  { table, itemKey, push }: CollectContext,
  { set = [], ...update }: Update,
): Promise<WriteResult> {
  const { name, repository, digest, pushedAt, event, now } = push;
  return updateItem(table, itemKey, {
    ...update,
    set: [...set, ...(name === undefined ? [] : ["#repository = :repository"])],
    names: memberAttributes(memberName(push)),
    values: {
      repository,
      digest,
      pushedAt,
      event,
      now,
      none: [],
      events: [event],
      ...update.values,
    },
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
  const former = lookUp(members, memberName(push));
  const uncounted = "#digest = :former AND NOT contains(#events, :event)";
  const values = { former: former?.digest, settlesAt: push.now + push.settle };
  if (former && push.pushedAt < former.pushedAt) {
    return {
      update: { set: counting, condition: `${uncounted} AND #pushedAt > :pushedAt`, values },
      changed: false,
    };
  }
  const finality =
    final === undefined ? "attribute_not_exists(#final)" : "attribute_exists(#final)";
  const condition = `${uncounted} AND #pushedAt <= :pushedAt AND ${finality}`;
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
async function forgetOldEvents(
  { table, itemKey, push }: CollectContext,
  item: Item,
): Promise<void> {
  const names = memberAttributes(memberName(push));
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

function contentionError({ key, push }: CollectContext): PromoterError {
  return new PromoterError(
    "WriteContended",
    `collecting ${memberName(push)} for ${key.application} ${key.version}: ` +
      `expected to succeed within ${tries} tries; try again later`,
  );
}
