import {
  startTable,
  type StartedTable,
} from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dynamodbApprovals } from "../../../../src/adapters/dynamodb/approvals.ts";
import { dynamodbEnvironments } from "../../../../src/adapters/dynamodb/environments.ts";
import { dynamodbIgnoredPushes } from "../../../../src/adapters/dynamodb/ignored-pushes.ts";
import { dynamodbOpenWork } from "../../../../src/adapters/dynamodb/open-work.ts";
import { dynamodbPromotions } from "../../../../src/adapters/dynamodb/promotions.ts";
import { dynamodbReleases } from "../../../../src/adapters/dynamodb/releases.ts";
import { getItem } from "../../../../src/adapters/dynamodb/table.ts";
import { dynamodbTrail } from "../../../../src/adapters/dynamodb/trail.ts";
import { dynamodbWaits } from "../../../../src/adapters/dynamodb/waits.ts";
import type { Digest } from "../../../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import { freeLock } from "../../../../src/domain/lock.ts";
import type { CollectedPush } from "../../../../src/ports/releases.ts";
import { bigPlan, closing, entry, key, promotion } from "../../../contract/promotions.fixtures.ts";

const releaseKey = { application: "orderbook", version: "1.4.2" };
const push: CollectedPush = {
  repository: "orderbook-api" as RepositoryName,
  digest: `sha256:${"1".repeat(64)}` as Digest,
  pushedAt: 1,
  event: "e-1",
  settle: 9,
  now: 2,
};
const approval = {
  promotion: "p-1",
  hash: "h",
  revision: 1,
  state: "posting",
  deadline: 9,
  approvers: [],
  required: 1,
  barred: undefined,
  message: undefined,
  votes: [],
} as const;
const visit = { visit: "v", step: "s", at: 1, took: 1, outcome: "o", who: "w", reasons: [] };
const current = {
  version: "1.4.2",
  set: "s",
  members: [],
  promotion: "p-1",
  plan: "h",
  since: 1,
  pushedAt: 1,
};
const hold = { set: "s", version: "1.4.2", by: "p-1", since: 1, reason: "r" };

// Roles are kept to the partition keys of their ports by the condition dynamodb:LeadingKeys, and the design knows no other calls.
describe("the calls that a port makes", () => {
  let table: StartedTable;
  let calls: string[] = [];
  let partitions = new Set<string>();
  beforeAll(async () => {
    table = await startTable({
      intercept: ({ service, request }, next) => {
        const { action = "", conditions = {} } = service.operation(request) ?? {};
        calls.push(action.replace("dynamodb:", ""));
        partitions = partitions.union(new Set(conditions["dynamodb:LeadingKeys"] ?? ["none"]));
        return next();
      },
    });
  });
  beforeEach(() => {
    calls = [];
    partitions = new Set();
  });
  afterAll(() => table.close());

  it("are one UpdateItem for each push of a new member or of the same digest", async () => {
    const releases = dynamodbReleases(table);
    await releases.collect(releaseKey, push);
    await releases.collect(releaseKey, {
      ...push,
      repository: "orderbook-ui" as RepositoryName,
      event: "e-2",
    });
    await releases.collect(releaseKey, { ...push, pushedAt: 2, event: "e-3" });
    expect(calls).toEqual(["UpdateItem", "UpdateItem", "UpdateItem"]);
  });

  it("are one for a repeated event and two for a rebuilt version", async () => {
    const releases = dynamodbReleases(table);
    await releases.collect(releaseKey, push);
    expect(calls).toEqual(["UpdateItem"]);
    await releases.collect(releaseKey, {
      ...push,
      digest: `sha256:${"2".repeat(64)}` as Digest,
      pushedAt: 3,
      event: "e-4",
    });
    expect(calls).toEqual(["UpdateItem", "UpdateItem", "UpdateItem"]);
  });

  it("forget all but 20 events of a member, so that a tag pushed every day does not fill its item", async () => {
    const releases = dynamodbReleases(table);
    const daily = { ...releaseKey, version: "nightly" };
    for (let day = 1; day <= 25; day += 1) {
      await releases.collect(daily, { ...push, event: `e-${day}` });
    }
    const item = await getItem(table, { pk: "RELEASE#orderbook#nightly", sk: "RELEASE" });
    expect(item?.["events#orderbook-api"]?.L).toHaveLength(20);
  });

  it("are one for a change of a promotion, also when its progress does not move on", async () => {
    const promotions = dynamodbPromotions(table);
    await promotions.open({ ...promotion, id: "p-9" });
    await promotions.update("p-9", { progress: "tagged" });
    await promotions.update("p-9", { progress: "writing" });
    expect(calls).toEqual(["PutItem", "UpdateItem", "UpdateItem"]);
  });

  it.each([
    [
      "releases",
      ["RELEASE#orderbook#1.4.2"],
      async () => {
        const releases = dynamodbReleases(table);
        await releases.read(releaseKey);
        await releases.collect(releaseKey, push);
        await releases.finalise(releaseKey, "s", [push]);
        await releases.nextAttempt(releaseKey, { environment: "production", set: "s", from: 0 });
      },
    ],
    [
      "environments",
      ["ENV#orderbook#production"],
      async () => {
        const environments = dynamodbEnvironments(table);
        await environments.readLock(key);
        await environments.writeLock(key, { ...freeLock, revision: 1 });
        await environments.writeCurrent(key, current);
        await environments.readCurrent(key);
        await environments.readPromoted(key, "1.4.2");
        await environments.writeHold(key, hold);
        await environments.readHold(key, "s");
        await environments.readHolds(key);
        await environments.clearHold(key, "s");
      },
    ],
    [
      "promotions' records",
      ["PROMO#p-1"],
      async () => {
        const promotions = dynamodbPromotions(table);
        await promotions.open(promotion);
        await promotions.update("p-1", { fence: 1 });
        await promotions.markCancelled("p-1", { by: "U1", at: 1 });
        await promotions.markRolledOut("p-1");
        await promotions.markAborted("p-1", { by: "U1", at: 1 });
        await promotions.close("p-1", closing);
        await promotions.markAnnounced("p-1");
        await promotions.storeSnapshot("p-1", {
          takenAt: 1,
          cluster: "orderbook-prod",
          objects: [],
        });
        await promotions.readSnapshot("p-1");
        await promotions.storeApplied("p-1", { at: 1, cluster: "orderbook-prod", objects: [] });
        await promotions.readApplied("p-1");
      },
    ],
    [
      "promotions' history",
      ["ENV#orderbook#production"],
      async () => {
        const promotions = dynamodbPromotions(table);
        await promotions.record(entry);
        await promotions.history(key, { limit: 1 });
      },
    ],
    [
      "approvals",
      ["APPROVAL#p-1#h"],
      async () => {
        await dynamodbApprovals(table).write(approval);
        await dynamodbApprovals(table).read("p-1", "h");
      },
    ],
    [
      "waits",
      ["WAIT#p-1"],
      async () => {
        await dynamodbWaits(table).store({
          promotion: "p-1",
          kind: "vote",
          token: "t",
          since: 1,
          until: 2,
        });
        await dynamodbWaits(table).read("p-1");
        await dynamodbWaits(table).remove("p-1", "t");
      },
    ],
    [
      "open work",
      ["OPEN#work"],
      async () => {
        await dynamodbOpenWork(table).add("orderbook", { kind: "release", version: "1", since: 1 });
        await dynamodbOpenWork(table).list("orderbook");
        await dynamodbOpenWork(table).listAll();
        await dynamodbOpenWork(table).remove("orderbook", { kind: "release", version: "1" });
      },
    ],
    [
      "ignored pushes",
      ["IGNORED#orderbook"],
      async () => {
        await dynamodbIgnoredPushes(table).note("orderbook", {
          repository: "orderbook-api",
          tag: "latest",
          at: 1,
          reason: "r",
        });
        await dynamodbIgnoredPushes(table).list("orderbook");
      },
    ],
    [
      "the trail",
      ["TRAIL#p-1"],
      async () => {
        await dynamodbTrail(table).append("p-1", visit);
        await dynamodbTrail(table).read("p-1");
      },
    ],
  ])("stay within the partitions of %s", async (_, expected, use) => {
    await use();
    expect([...partitions]).toEqual(expected);
    expect(["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"]).toEqual(
      expect.arrayContaining([...new Set(calls)]),
    );
  });

  it("write the chunks of a big plan, each within an item, before the item that points at them", async () => {
    const promotions = dynamodbPromotions(table);
    await promotions.storePlan("p-1", bigPlan());
    const [last, ...chunks] = [...calls].toReversed();
    expect({ last, chunks: chunks.length > 3 }).toEqual({ last: "PutItem", chunks: true });
    expect([...partitions].at(-1)).toBe("PROMO#p-1");
    expect([...partitions][0]).toMatch(/^BLOB#[0-9a-f]{64}$/);
    expect(partitions.size).toBe(2);
  });
});
