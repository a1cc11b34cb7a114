import { describe, expect, it } from "vitest";
import { dynamodbOperation } from "../../dynamodb/dynamodb-operation.ts";
import type { ServiceRequest } from "../../service.ts";

const arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/promoter";
const key = (pk: string): object => ({ pk: { S: pk }, sk: { S: "META" } });

function request(action: string, input: unknown): ServiceRequest {
  return {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: { "x-amz-target": `DynamoDB_20120810.${action}` },
    body: Buffer.from(typeof input === "string" ? input : JSON.stringify(input)),
    caller: { accessKeyId: undefined, role: undefined, functionName: undefined },
  };
}

function operation(action: string, input: unknown): ReturnType<typeof dynamodbOperation> {
  return dynamodbOperation(
    { account: "111122223333", region: "eu-west-1" },
    request(action, input),
  );
}

// Actions, access levels, resources and condition keys: service authorization reference, "Amazon DynamoDB".
describe("the IAM view of a DynamoDB request", () => {
  it.each([
    ["GetItem", "read", { TableName: "promoter", Key: key("PROMO#p-1") }, ["PROMO#p-1"]],
    [
      "PutItem",
      "write",
      { TableName: "promoter", Item: { ...key("TRAIL#p-1"), who: { S: "U1" } } },
      ["TRAIL#p-1"],
    ],
    [
      "UpdateItem",
      "write",
      { TableName: "promoter", Key: key("ENV#orderbook#production") },
      ["ENV#orderbook#production"],
    ],
    ["DeleteItem", "write", { TableName: arn, Key: key("WAIT#p-1") }, ["WAIT#p-1"]],
    [
      "Query",
      "read",
      {
        TableName: "promoter",
        KeyConditionExpression: "#p = :key AND begins_with(sk, :start)",
        ExpressionAttributeNames: { "#p": "pk" },
        ExpressionAttributeValues: { ":key": { S: "OPEN#orderbook" }, ":start": { S: "x" } },
      },
      ["OPEN#orderbook"],
    ],
    [
      "Query",
      "read",
      {
        TableName: "promoter",
        KeyConditionExpression: "sk = :s and pk=:p",
        ExpressionAttributeValues: { ":p": { S: "BLOB#1" }, ":s": { S: "0" } },
      },
      ["BLOB#1"],
    ],
  ])("names action, table and leading keys of %s", (action, access, input, keys) => {
    expect(operation(action, input)).toEqual({
      action: `dynamodb:${action}`,
      resources: [arn],
      access,
      conditions: { "dynamodb:LeadingKeys": keys },
    });
  });

  it("names no leading key of Scan, which has none", () => {
    expect(operation("Scan", { TableName: "promoter" })).toEqual({
      action: "dynamodb:Scan",
      resources: [arn],
      access: "read",
    });
  });

  it("names every resource for ListTables, which is about none", () => {
    expect(operation("ListTables", {})?.resources).toEqual(["*"]);
  });

  it("names the action of a body that is not JSON", () => {
    expect(operation("GetItem", "{")?.action).toBe("dynamodb:GetItem");
  });

  it("is absent for a request that is not a call of the API", () => {
    expect(
      dynamodbOperation({ account: "1", region: "r" }, { ...request("GetItem", {}), headers: {} }),
    ).toBeUndefined();
  });
});
