import { bounded } from "../../src/domain/bounded.ts";
import { PromoterError } from "../../src/domain/errors.ts";
import {
  progressOrder,
  type Progress,
  type Promotion,
  type PromotionId,
} from "../../src/domain/promotion.ts";
import type {
  PromotionEnd,
  HistoryEntry,
  PromotionChange,
  Promotions,
  StoredPlan,
} from "../../src/ports/promotions.ts";
import { assertItemFits } from "./assert-item-fits.ts";
import { copyOf } from "./copy-of.ts";

export function fakePromotions(): Promotions {
  return { ...fakeRecords(), ...fakeDocuments(), ...fakeHistory() };
}

function fakeRecords(): Pick<
  Promotions,
  | "read"
  | "open"
  | "update"
  | "markCancelled"
  | "markAborted"
  | "markRolledOut"
  | "close"
  | "markAnnounced"
> {
  const stored = new Map<PromotionId, Promotion>();
  const present = (id: PromotionId): Promotion => stored.get(id) ?? missing(id);
  const store = (promotion: Promotion): Promotion => {
    const kept = bounded(copyOf(promotion));
    assertItemFits(kept);
    stored.set(promotion.id, kept);
    return copyOf(kept);
  };
  return {
    read: async (id) => copyOf(stored.get(id)),
    open: async (promotion) => copyOf(stored.get(promotion.id)) ?? store(promotion),
    update: async (id, change) => store(changed(stillOpen(present(id)), change)),
    async markAborted(id, abort) {
      const promotion = stored.get(id);
      return promotion && canBeAborted(promotion)
        ? store({ ...promotion, abort: promotion.abort ?? abort })
        : undefined;
    },
    async markRolledOut(id) {
      const promotion = stillOpen(present(id));
      if (promotion.abort) return false;
      store(changed(promotion, { progress: "rolled-out" }));
      return true;
    },
    async markCancelled(id, cancel) {
      const promotion = stored.get(id);
      if (!promotion || promotion.ending !== undefined) return undefined;
      return store({ ...promotion, cancel: promotion.cancel ?? cancel });
    },
    async close(id, closing) {
      const promotion = present(id);
      return promotion.ending === undefined
        ? store(changed(promotion, closing))
        : copyOf(promotion);
    },
    async markAnnounced(id) {
      const { announced } = present(id);
      store({ ...present(id), announced: true });
      return !announced;
    },
  };
}

function missing(id: PromotionId): never {
  throw new PromoterError("NotFound", `there is no record of promotion ${id}`);
}

function stillOpen(promotion: Promotion): Promotion {
  if (promotion.ending === undefined) return promotion;
  const { id, ending } = promotion;
  throw new PromoterError("PromotionClosed", `promotion ${id} has ended as ${ending}`);
}

function canBeAborted({ ending, conclusion, progress }: Promotion): boolean {
  const isOver = progressOrder.indexOf(progress) >= progressOrder.indexOf("rolled-out");
  return ending === undefined && conclusion === undefined && !isOver;
}

function changed(promotion: Promotion, change: PromotionChange | PromotionEnd): Promotion {
  return { ...promotion, ...change, progress: furthest(promotion.progress, change.progress) };
}

function furthest(present: Progress, next: Progress | undefined): Progress {
  return progressOrder.findLast((step) => step === present || step === next) ?? present;
}

type Documents =
  | "storePlan"
  | "readPlan"
  | "storeSnapshot"
  | "readSnapshot"
  | "storeApplied"
  | "readApplied"
  | "keepManifest"
  | "readManifest";

function fakeDocuments(): Pick<Promotions, Documents> {
  const plans = documents<StoredPlan["plan"]>();
  const differences = documents<StoredPlan["differences"]>();
  const snapshots = documents<Parameters<Promotions["storeSnapshot"]>[1]>();
  const applied = documents<Parameters<Promotions["storeApplied"]>[1]>();
  const manifests = documents<Parameters<Promotions["keepManifest"]>[1]>();
  return {
    async storePlan(id, stored) {
      plans.once(`${id}#${stored.hash}`, stored.plan);
      differences.replace(`${id}#${stored.hash}`, stored.differences);
    },
    async readPlan(id, hash) {
      const plan = plans.read(`${id}#${hash}`);
      return plan && { hash, plan, differences: differences.read(`${id}#${hash}`) ?? [] };
    },
    storeSnapshot: async (id, snapshot) => snapshots.once(id, snapshot),
    readSnapshot: async (id) => snapshots.read(id),
    storeApplied: async (id, objects) => applied.replace(id, objects),
    readApplied: async (id) => applied.read(id),
    keepManifest: async (id, manifest) => void manifests.once(`${id}#${manifest.digest}`, manifest),
    readManifest: async (id, digest) => manifests.read(`${id}#${digest}`),
  };
}

interface DocumentStore<Value> {
  once(key: string, value: Value): boolean;
  replace(key: string, value: Value): void;
  read(key: string): Value | undefined;
}

function documents<Value>(): DocumentStore<Value> {
  const stored = new Map<string, Value>();
  const replace = (key: string, value: Value): void => void stored.set(key, copyOf(value));
  return {
    replace,
    read: (key) => copyOf(stored.get(key)),
    once(key, value) {
      const first = !stored.has(key);
      if (first) replace(key, value);
      return first;
    },
  };
}

function fakeHistory(): Pick<Promotions, "record" | "history"> {
  const stored = new Map<string, HistoryEntry>();
  return {
    async record(entry) {
      const key = `${entry.application}#${entry.environment}#${nameOf(entry)}`;
      const kept = bounded(copyOf(entry));
      assertItemFits(kept);
      if (!stored.has(key)) stored.set(key, kept);
    },
    async history({ application, environment }, { limit, before, endings }) {
      const all = [...stored.values()]
        .filter((entry) => entry.application === application && entry.environment === environment)
        .filter(
          ({ ending }) =>
            endings === undefined || (ending !== undefined && endings.includes(ending)),
        )
        .filter((entry) => before === undefined || nameOf(entry) < before)
        .toSorted((one, other) => (nameOf(one) > nameOf(other) ? -1 : 1));
      const entries = copyOf(all.slice(0, limit));
      const last = entries.at(-1);
      return { entries, before: last && all.length > limit ? nameOf(last) : undefined };
    },
  };
}

/** Sorts by time, then id. */
function nameOf({ openedAt, id }: HistoryEntry): string {
  return `${new Date(openedAt).toISOString()}#${id}`;
}
