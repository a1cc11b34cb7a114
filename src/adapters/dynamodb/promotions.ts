import type { Promotions, Applied, Snapshot, StoredPlan } from "../../ports/promotions.ts";
import type { StoredManifest } from "../../domain/image/stored-manifest.ts";
import { documentNames, readStored, replaceStored, storeOnce } from "./promotion-documents.ts";
import { readHistory, recordPromotion } from "./promotion-history.ts";
import {
  closePromotion, markPromotionAnnounced, markPromotionCancelled, openPromotion, readPromotion, updatePromotion,
} from "./promotion-record.ts";
import type { Table } from "./table.ts";

export function dynamodbPromotions(table: Table): Promotions {
  return {
    read: (id) => readPromotion(table, id),
    open: (promotion) => openPromotion(table, promotion),
    update: (id, change) => updatePromotion(table, id, change),
    markCancelled: (id, cancel) => markPromotionCancelled(table, id, cancel),
    close: (id, closing) => closePromotion(table, id, closing),
    markAnnounced: (id) => markPromotionAnnounced(table, id),
    async storePlan(id, stored) {
      await storeOnce(table, { id, name: documentNames.plan(stored.hash) }, stored);
    },
    readPlan: (id, hash) => readStored<StoredPlan>(table, { id, name: documentNames.plan(hash) }),
    storeSnapshot: (id, snapshot) => storeOnce(table, { id, name: documentNames.snapshot }, snapshot),
    readSnapshot: (id) => readStored<Snapshot>(table, { id, name: documentNames.snapshot }),
    storeApplied: (id, applied) => replaceStored(table, { id, name: documentNames.applied }, applied),
    readApplied: (id) => readStored<Applied>(table, { id, name: documentNames.applied }),
    async keepManifest(id, manifest) {
      await storeOnce(table, { id, name: documentNames.manifest(manifest.digest) }, manifest);
    },
    readManifest: (id, digest) => readStored<StoredManifest>(table, { id, name: documentNames.manifest(digest) }),
    record: (entry) => recordPromotion(table, entry),
    history: (key, page) => readHistory(table, key, page),
  };
}
