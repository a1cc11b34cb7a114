import type { StoredManifest } from "../../domain/image/stored-manifest.ts";
import type { PromotionId } from "../../domain/promotion.ts";
import type { Promotions, Applied, Snapshot, StoredPlan } from "../../ports/promotions.ts";
import {
  documentNames,
  readStoredDocument,
  replaceDocument,
  storeOnce,
} from "./promotion-documents.ts";
import { readHistory, recordPromotion } from "./promotion-history.ts";
import {
  endPromotion,
  markPromotionAborted,
  markPromotionAnnounced,
  markPromotionCancelled,
  markPromotionRolledOut,
  insertPromotion,
  readPromotion,
  updatePromotion,
} from "./promotion-record.ts";
import type { Table } from "./table.ts";

export function dynamodbPromotions(table: Table): Promotions {
  return {
    read: (id) => readPromotion(table, id),
    open: (promotion) => insertPromotion(table, promotion),
    update: (id, change) => updatePromotion(table, id, change),
    markCancelled: (id, cancel) => markPromotionCancelled(table, id, cancel),
    markAborted: (id, abort) => markPromotionAborted(table, id, abort),
    markRolledOut: (id) => markPromotionRolledOut(table, id),
    close: (id, closing) => endPromotion(table, id, closing),
    markAnnounced: (id) => markPromotionAnnounced(table, id),
    storePlan: (id, stored) => storePlan(table, id, stored),
    readPlan: (id, hash) => readPlan(table, id, hash),
    storeSnapshot: (id, snapshot) =>
      storeOnce(table, { id, name: documentNames.snapshot }, snapshot),
    readSnapshot: (id) => readStoredDocument<Snapshot>(table, { id, name: documentNames.snapshot }),
    storeApplied: (id, applied) =>
      replaceDocument(table, { id, name: documentNames.applied }, applied),
    readApplied: (id) => readStoredDocument<Applied>(table, { id, name: documentNames.applied }),
    async keepManifest(id, manifest) {
      await storeOnce(table, { id, name: documentNames.manifest(manifest.digest) }, manifest);
    },
    readManifest: (id, digest) =>
      readStoredDocument<StoredManifest>(table, { id, name: documentNames.manifest(digest) }),
    record: (entry) => recordPromotion(table, entry),
    history: (key, page) => readHistory(table, key, page),
  };
}

async function storePlan(
  table: Table,
  id: PromotionId,
  { hash, plan, differences }: StoredPlan,
): Promise<void> {
  await storeOnce(table, { id, name: documentNames.plan(hash) }, plan);
  await replaceDocument(table, { id, name: documentNames.differences(hash) }, differences);
}

async function readPlan(
  table: Table,
  id: PromotionId,
  hash: string,
): Promise<StoredPlan | undefined> {
  const [plan, differences] = await Promise.all([
    readStoredDocument<StoredPlan["plan"]>(table, { id, name: documentNames.plan(hash) }),
    readStoredDocument<StoredPlan["differences"]>(table, {
      id,
      name: documentNames.differences(hash),
    }),
  ]);
  return plan && differences && { hash, plan, differences };
}
