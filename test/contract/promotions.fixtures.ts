import { randomBytes } from "node:crypto";
import { parseDigest, type Digest } from "../../src/domain/image/digest.ts";
import { parseRepositoryName } from "../../src/domain/image/repository.ts";
import type { Promotion } from "../../src/domain/promotion.ts";
import type { Member } from "../../src/domain/release.ts";
import type { HistoryEntry, Snapshot, StoredPlan } from "../../src/ports/promotions.ts";

export const digest = parseDigest(`sha256:${"1".repeat(64)}`) as Digest;
export const member = { repository: parseRepositoryName("shop/orderbook-api"), digest } as Member;
export const key = { application: "orderbook", environment: "production" };
export const promotion: Promotion = {
  ...key,
  id: "p-1",
  version: "1.4.2",
  mode: "promote",
  trigger: "person",
  requester: "U012AB3CD",
  reason: "Kunde wartet – 大至急 🚀",
  execution: "arn:aws:states:eu-west-1:111122223333:execution:promotion:p-1",
  openedAt: 1_767_603_600_000,
  members: undefined,
  set: undefined,
  fence: undefined,
  verdicts: undefined,
  tags: undefined,
  plan: undefined,
  rounds: [],
  entered: false,
  cancel: undefined,
  progress: "none",
  trouble: undefined,
  tagsFound: undefined,
  verifiedAt: undefined,
  nudgedAt: undefined,
  pushedAt: undefined,
  conclusion: undefined,
  ending: undefined,
  reasons: [],
  closedAt: undefined,
  announced: false,
};
export const closing = {
  ending: "Promoted",
  reasons: ["orderbook 1.4.2 runs"],
  closedAt: 1_767_603_700_000,
} as const;
export const plan: StoredPlan = {
  hash: "ab".repeat(32),
  plan: {
    ...key,
    cluster: "orderbook-prod",
    namespace: "orderbook",
    version: "1.4.2",
    fromVersion: undefined,
    members: [],
    objects: [],
    verdicts: [],
  },
  differences: [
    { object: "Deployment orderbook/api", kind: "create", fields: [], unchecked: true },
  ],
};
export const snapshot: Snapshot = {
  takenAt: 5,
  cluster: "orderbook-prod",
  podSpec: { force: true, rollout: 60_000 },
  objects: [
    {
      kind: "absent",
      ref: { apiVersion: "v1", kind: "Namespace", name: "orderbook", namespace: undefined },
    },
  ],
};
export const entry: HistoryEntry = {
  ...key,
  id: "p-1",
  version: "1.4.2",
  set: "aa".repeat(32),
  openedAt: promotion.openedAt,
  closedAt: closing.closedAt,
  ending: "Promoted",
  reasons: ["fine"],
  requester: undefined,
};

/** 2 MB of objects that no compression makes smaller than several items. */
export function bigPlan(): StoredPlan {
  const objects = Array.from({ length: 16 }, (_, number) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `big-${number}`, namespace: "orderbook" },
    data: { "räuber.bin": randomBytes(96 * 1024).toString("base64") },
  }));
  return { ...plan, plan: { ...plan.plan, objects } };
}

/** The entry of another promotion, opened `number` milliseconds later. */
export function nth(number: number): HistoryEntry {
  return { ...entry, id: `p-${number}`, openedAt: entry.openedAt + number };
}
