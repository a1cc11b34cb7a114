import createDynalite, { type Dynalite } from "dynalite";
import { objectAt, parseJson, stringAt, type JsonObject } from "../json-value.ts";
import type { CloudContext, Service, ServiceRequest, ServiceResponse } from "../service.ts";
import { unsupported } from "../unsupported.ts";
import { callDynalite, type DynaliteCall } from "./call-dynalite.ts";
import { closeIterators } from "./close-iterators.ts";
import { actionOf, dynamodbOperation, isSupported } from "./dynamodb-operation.ts";
import { partitionKey, sortKey } from "./leading-keys.ts";

export interface DynamodbOptions {
  readonly tables: readonly { readonly name: string }[];
}

/** DynamoDB: dynalite in memory, with the tables that the template declares. */
export async function createDynamodb(
  context: Pick<CloudContext, "account" | "region">,
  { tables }: DynamodbOptions,
): Promise<Service> {
  closeIterators();
  const dynalite = createDynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  for (const { name } of tables) await createTable(dynalite, name);
  return {
    name: "dynamodb",
    endpointVariable: "AWS_ENDPOINT_URL_DYNAMODB",
    signingNames: ["dynamodb"],
    operation: (request) => dynamodbOperation(context, request),
    handle: (request) => answer(dynalite, request),
    close: () => Promise.resolve(),
  };
}

async function createTable(dynalite: Dynalite, name: string): Promise<void> {
  const keys = [
    [partitionKey, "HASH"],
    [sortKey, "RANGE"],
  ] as const;
  const created = await callDynalite(
    dynalite,
    ownCall("CreateTable", {
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map(([AttributeName]) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
    }),
  );
  if (created.status !== 200) {
    throw new Error(`table ${name} cannot be created: ${bodyOf(created)}`);
  }
  while ((await tableStatus(dynalite, name)) !== "ACTIVE");
}

async function tableStatus(dynalite: Dynalite, name: string): Promise<string | undefined> {
  const described = objectAt(
    parseJson(bodyOf(await callDynalite(dynalite, ownCall("DescribeTable", { TableName: name })))),
  );
  return stringAt(objectAt(described["Table"])["TableStatus"]);
}

async function answer(dynalite: Dynalite, request: ServiceRequest): Promise<ServiceResponse> {
  const action = actionOf(request);
  if (action !== undefined && !isSupported(action)) return unsupportedAction(action);
  const response = await callDynalite(dynalite, request);
  return response.status === 400 ? withFormerItem(response, { dynalite, request }) : response;
}

function unsupportedAction(action: string): ServiceResponse {
  return {
    status: 400,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify({
      __type: "com.amazon.coral.service#UnknownOperationException",
      message: unsupported(`dynamodb:${action}`),
    }),
  };
}

/**
 * "An optional parameter that returns the item attributes for an operation that failed a condition
 * check" (API reference, PutItem, ReturnValuesOnConditionCheckFailure): dynalite does not know it.
 */
async function withFormerItem(
  refused: ServiceResponse,
  { dynalite, request }: { readonly dynalite: Dynalite; readonly request: ServiceRequest },
): Promise<ServiceResponse> {
  const fault = objectAt(parseJson(bodyOf(refused)));
  const input = objectAt(parseJson(request.body.toString("utf8")));
  const wanted = input["ReturnValuesOnConditionCheckFailure"] === "ALL_OLD";
  if (!wanted || stringAt(fault["__type"])?.endsWith("#ConditionalCheckFailedException") !== true) {
    return refused;
  }
  const read = await callDynalite(
    dynalite,
    ownCall("GetItem", { TableName: input["TableName"], Key: keyIn(input), ConsistentRead: true }),
  );
  const { Item } = objectAt(parseJson(bodyOf(read)));
  return Item === undefined ? refused : withBody(refused, JSON.stringify({ ...fault, Item }));
}

function keyIn(input: JsonObject): JsonObject {
  const attributes = objectAt(input["Key"] ?? input["Item"]);
  return { [partitionKey]: attributes[partitionKey], [sortKey]: attributes[sortKey] };
}

/**
 * Length and checksum of the former body are left out: the gateway computes the one, and no client
 * insists on the other.
 */
function withBody({ status, headers = {} }: ServiceResponse, body: string): ServiceResponse {
  return {
    status,
    headers: Object.fromEntries(
      Object.entries(headers).filter(
        ([name]) => name !== "content-length" && name !== "x-amz-crc32",
      ),
    ),
    body,
  };
}

function bodyOf({ body = "" }: ServiceResponse): string {
  return typeof body === "string" ? body : Buffer.from(body).toString("utf8");
}

/** dynalite asks for the form of a signature, not for a right one. */
function ownCall(action: string, input: JsonObject): DynaliteCall {
  return {
    method: "POST",
    path: "/",
    body: Buffer.from(JSON.stringify(input)),
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${action}`,
      "x-amz-date": "20260105T090000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20260105/local/dynamodb/aws4_request, SignedHeaders=host, Signature=none",
    },
  };
}
