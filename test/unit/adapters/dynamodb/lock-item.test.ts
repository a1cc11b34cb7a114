import {
  startTable,
  type StartedTable,
} from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamodbEnvironments } from "../../../../src/adapters/dynamodb/environments.ts";
import { putItem } from "../../../../src/adapters/dynamodb/table.ts";
import { settle } from "../../../../src/domain/lock/leave.ts";
import { startWriting } from "../../../../src/domain/lock/write.ts";

let table: StartedTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

/** What the versions before the claims wrote; their executions outlive a deployment. */
const owner = {
  promotion: "p-1",
  version: "1.0.0",
  phase: "writing",
  plan: "plan",
  cancelled: false,
};
const waiting = { promotion: "p-2", version: "1.1.0", phase: "waiting", cancelled: false };

it.each([
  ["of an owner", { owner: { ...owner, writingUntil: 900 } }, { owner }],
  ["of an owner that left", { owner: waiting, writersUntil: 900 }, { owner: waiting }],
  [
    "of an unsettled environment",
    { unsettled: { by: "p-1", reason: "stopped", writingUntil: 900 } },
    { unsettled: { by: "p-1", reason: "stopped" } },
  ],
])(
  "waits out the one number %s that a version before the claims wrote",
  async (name, item, expected) => {
    const key = { application: "shop", environment: name.replaceAll(" ", "-") };
    const environments = dynamodbEnvironments(table);
    await putItem(
      table,
      { pk: `ENV#${key.application}#${key.environment}`, sk: "LOCK" },
      { fields: { revision: 7, fence: 3, ...item } },
    );
    const lock = await environments.readLock(key);
    expect(lock).toEqual({
      revision: 7,
      fence: 3,
      ...expected,
      claims: [{ invocation: expect.any(String) as unknown, phase: "writing", until: 900 }],
    });
    expect(await environments.writeLock(key, { ...lock, revision: 8 })).toBe(true);
    expect((await environments.readLock(key)).claims).toEqual(lock.claims);
  },
);

it("keeps the next in line out until then, and whoever settles as well", async () => {
  const environments = dynamodbEnvironments(table);
  const lockOf = (environment: string) =>
    environments.readLock({ application: "shop", environment });
  expect(
    startWriting(await lockOf("of-an-owner-that-left"), {
      promotion: "p-2",
      fence: 3,
      plan: "plan",
      now: 899,
    }),
  ).toEqual({ kind: "busy" });
  expect(settle(await lockOf("of-an-unsettled-environment"), { by: "p-1", now: 899 })).toEqual({
    kind: "busy",
  });
});
