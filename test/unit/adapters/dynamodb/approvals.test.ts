import {
  startTable,
  type StartedTable,
} from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamodbApprovals } from "../../../../src/adapters/dynamodb/approvals.ts";
import { joinKey } from "../../../../src/adapters/dynamodb/key.ts";
import { fieldsOf } from "../../../../src/adapters/dynamodb/marshal.ts";
import { getItem, putItem } from "../../../../src/adapters/dynamodb/table.ts";

let table: StartedTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

it("the message of a question is stored under the names that every version reads", async () => {
  const key = { pk: joinKey("APPROVAL", "p-1", "abc"), sk: "APPROVAL" };
  const message = { channel: "C1", ts: "1.2", app: "A1", team: "T1" };
  const fields = { promotion: "p-1", hash: "abc", revision: 1, votes: [], message };
  await putItem(table, key, { fields });
  const approvals = dynamodbApprovals(table);
  const approval = await approvals.read("p-1", "abc");
  expect(approval?.message).toEqual({ channel: "C1", id: "1.2", app: "A1", workspace: "T1" });
  if (approval) await approvals.write({ ...approval, revision: 2 });
  const item = await getItem(table, key);
  expect(item && fieldsOf(item)).toEqual({ ...fields, revision: 2 });
});
