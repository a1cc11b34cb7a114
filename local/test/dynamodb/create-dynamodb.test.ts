import {
  BatchGetItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { dynaliteIterators } from "../../dynamodb/close-iterators.ts";
import { createDynamodb } from "../../dynamodb/create-dynamodb.ts";
import { startTable, type StartedTable } from "./start-table.ts";

describe("the local DynamoDB, through the gateway and an unchanged client", () => {
  let started: StartedTable;
  let client: DynamoDBClient;
  const TableName = "promoter";
  const Key = { pk: { S: "PROMO#1" }, sk: { S: "META" } };
  beforeAll(async () => {
    started = await startTable();
    client = started.client;
  });
  afterAll(() => started.close());

  it("has the tables that it was given, ready", async () => {
    const { TableNames } = await client.send(new ListTablesCommand({}));
    expect(TableNames).toEqual([TableName]);
    expect((await client.send(new GetItemCommand({ TableName, Key }))).Item).toBeUndefined();
  });

  it.each([
    new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }),
    new DescribeTableCommand({ TableName }),
    new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key } }] }),
  ])("refuses by name what it does not support: $constructor.name", async (command) => {
    const action = command.constructor.name.replace("Command", "");
    await expect(client.send(command as DescribeTableCommand)).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: `the local cloud does not support dynamodb:${action}: nothing that the promoter ships uses it`,
    });
  });

  // API reference, "Common errors" and the errors of GetItem and PutItem.
  it.each([
    [
      "a table that does not exist",
      "ResourceNotFoundException",
      () => client.send(new GetItemCommand({ TableName: "other", Key })),
    ],
    [
      "a key without sort key",
      "ValidationException",
      () => client.send(new GetItemCommand({ TableName, Key: { pk: { S: "x" } } })),
    ],
    [
      "an item of more than 400 KB",
      "ValidationException",
      () =>
        client.send(
          new PutItemCommand({ TableName, Item: { ...Key, text: { S: "x".repeat(410_000) } } }),
        ),
    ],
    [
      "a condition that does not hold",
      "ConditionalCheckFailedException",
      () =>
        client.send(
          new PutItemCommand({ TableName, Item: Key, ConditionExpression: "attribute_exists(pk)" }),
        ),
    ],
  ])("refuses %s with %s", async (_, name, call) => {
    await expect(call()).rejects.toMatchObject({ name });
  });

  // "ALL_OLD … returns the item attributes for an operation that failed a condition check": API reference, PutItem.
  it.each([
    [
      "PutItem",
      (failure: "ALL_OLD" | "NONE") =>
        client.send(
          new PutItemCommand({
            TableName,
            Item: { pk: { S: "A" }, sk: { S: "A" } },
            ConditionExpression: "attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure: failure,
          }),
        ),
    ],
    [
      "UpdateItem",
      (failure: "ALL_OLD" | "NONE") =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: { pk: { S: "A" }, sk: { S: "A" } },
            UpdateExpression: "REMOVE word",
            ConditionExpression: "attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure: failure,
          }),
        ),
    ],
  ])("gives the item that stands in the way of %s to whoever asks for it", async (_, call) => {
    const Item = { pk: { S: "A" }, sk: { S: "A" }, word: { S: "größer" } };
    await client.send(new PutItemCommand({ TableName, Item }));
    await expect(call("ALL_OLD")).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      Item,
    });
    await expect(call("NONE")).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      Item: undefined,
    });
  });

  it("ends a page of a query at 1 MB and says where to go on", async () => {
    const text = { S: "x".repeat(100_000) };
    for (const sk of "abcdefghijkl") {
      await client.send(
        new PutItemCommand({ TableName, Item: { pk: { S: "BIG" }, sk: { S: sk }, text } }),
      );
    }
    const query = {
      TableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "BIG" } },
    };
    const page = await client.send(new QueryCommand(query));
    expect(page.LastEvaluatedKey).toBeDefined();
    const rest = await client.send(
      new QueryCommand({ ...query, ExclusiveStartKey: page.LastEvaluatedKey }),
    );
    expect((page.Items?.length ?? 0) + (rest.Items?.length ?? 0)).toBe(12);
  });

  it.each([
    ["whole", undefined],
    ["cut by a limit", 1],
  ])("leaves nothing open behind a query that is %s", async (_, Limit) => {
    for (const sk of ["a", "b", "c"]) {
      await client.send(
        new PutItemCommand({ TableName, Item: { pk: { S: "MANY" }, sk: { S: sk } } }),
      );
    }
    const closings = dynaliteIterators().map(({ prototype }) => vi.spyOn(prototype, "close"));
    await client.send(
      new QueryCommand({
        TableName,
        Limit,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: "MANY" } },
      }),
    );
    await vi.waitFor(() => expect(closings.flatMap(({ mock }) => mock.calls)).not.toEqual([]));
    for (const closing of closings) closing.mockRestore();
  });

  it("keeps two clouds apart", async () => {
    const other = await startTable();
    await client.send(new PutItemCommand({ TableName, Item: Key }));
    expect((await other.client.send(new GetItemCommand({ TableName, Key }))).Item).toBeUndefined();
    await other.close();
  });

  it("refuses to start with a table name that DynamoDB does not allow", async () => {
    await expect(
      createDynamodb({ account: "1", region: "r" }, { tables: [{ name: "a b" }] }),
    ).rejects.toThrow("table a b cannot be created");
  });
});
