import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Intercept } from "@promoter/local-cloud/internal/gateway.ts";
import {
  startTable,
  type StartedTable,
} from "@promoter/local-cloud/internal/test/dynamodb/start-table.ts";
import { afterEach, describe, expect, it } from "vitest";
import { joinKey } from "../../../../src/adapters/dynamodb/key.ts";
import { queryItems } from "../../../../src/adapters/dynamodb/query-items.ts";
import {
  deleteItem,
  getItem,
  putItem,
  updateItem,
} from "../../../../src/adapters/dynamodb/table.ts";

const key = { pk: "PROMO#p-1", sk: "META" };
const free = "attribute_not_exists(pk)";

/** Carries out the first write and loses its answer; the SDK then sends it again. */
function losesFirstAnswer(): Intercept {
  let lost = false;
  return async (_, next) => {
    const answer = await next();
    if (lost) return answer;
    lost = true;
    return "drop";
  };
}

describe("the table", () => {
  let table: StartedTable;
  afterEach(() => table.close());

  it("takes its own write for its own when the answer was lost and the SDK wrote again", async () => {
    table = await startTable({ intercept: losesFirstAnswer(), maxAttempts: 2 });
    const { kind } = await putItem(table, key, { fields: { word: "one" }, condition: free });
    expect(kind).toBe("written");
    expect((await putItem(table, key, { fields: { word: "two" }, condition: free })).kind).toBe(
      "refused",
    );
  });

  it("takes its own change for its own when the answer was lost and the SDK wrote again", async () => {
    table = await startTable({ intercept: losesFirstAnswer(), maxAttempts: 2 });
    const result = await updateItem(table, key, {
      set: ["#count = :one"],
      condition: free,
      values: { one: 1 },
    });
    expect(result).toMatchObject({ kind: "written", item: { count: { N: "1" } } });
  });

  it("says that it is unavailable when the answer was lost and it may not try again", async () => {
    table = await startTable({ intercept: losesFirstAnswer() });
    await expect(putItem(table, key, { fields: {}, condition: free })).rejects.toMatchObject({
      name: "StoreUnavailable",
      retryable: true,
    });
  });

  it.each([
    ["reading", () => getItem(table, key)],
    ["writing", () => putItem(table, key, { fields: {} })],
    ["changing", () => updateItem(table, key, { condition: free })],
    ["deleting", () => deleteItem(table, key)],
    ["listing", () => queryItems(table, { pk: key.pk, prefix: "" })],
  ])("tells what it was doing when it is throttled while %s", async (doing, act) => {
    const body = JSON.stringify({
      __type: "com.amazonaws.dynamodb.v20120810#ThrottlingException",
      message: "Rate exceeded",
    });
    table = await startTable({
      intercept: async () => ({
        status: 400,
        headers: { "content-type": "application/x-amz-json-1.0" },
        body,
      }),
    });
    await expect(act()).rejects.toMatchObject({
      name: "StoreUnavailable",
      message: expect.stringContaining(`${doing} PROMO#p-1/`),
    });
  });

  it("says that it is unavailable when nothing listens", async () => {
    table = await startTable();
    const client = new DynamoDBClient({
      endpoint: "http://127.0.0.1:1",
      region: "eu-west-1",
      maxAttempts: 1,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    await expect(getItem({ client, table: "promoter" }, key)).rejects.toMatchObject({
      name: "StoreUnavailable",
    });
  });

  it("returns the item that stood in the way", async () => {
    table = await startTable();
    await putItem(table, key, { fields: { word: "one" } });
    const result = await putItem(table, key, { fields: { word: "two" }, condition: free });
    expect(result).toMatchObject({ kind: "refused", existing: { word: { S: "one" } } });
  });

  it("reads everything strongly consistent", async () => {
    const asked: unknown[] = [];
    table = await startTable({
      intercept: (call, next) => {
        asked.push(JSON.parse(call.request.body.toString("utf8")));
        return next();
      },
    });
    await getItem(table, key);
    await queryItems(table, { pk: key.pk, prefix: "" });
    expect(asked).toEqual([
      expect.objectContaining({ ConsistentRead: true }),
      expect.objectContaining({ ConsistentRead: true }),
    ]);
  });
});

describe("a key", () => {
  it("is made of names", () => {
    expect(joinKey("ENV", "orderbook", "production")).toBe("ENV#orderbook#production");
  });

  it.each([["order#book"], [""]])("is not made of %j, which could pass for another", (name) => {
    expect(() => joinKey("ENV", name)).toThrow(expect.objectContaining({ name: "InvalidInput" }));
  });
});
