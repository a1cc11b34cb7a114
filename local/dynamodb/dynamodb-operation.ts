import { resourceArn, type AccountRegion } from "../aws/resource-arn.ts";
import { parseJson, stringAt, type JsonObject, objectAt } from "../json-value.ts";
import type { CloudContext, Operation, ServiceRequest } from "../service.ts";
import { leadingKeys } from "./leading-keys.ts";

const reads: ReadonlySet<string> = new Set(["GetItem", "ListTables", "Query", "Scan"]);
const writes: ReadonlySet<string> = new Set(["DeleteItem", "PutItem", "UpdateItem"]);

export function isSupported(action: string): boolean {
  return reads.has(action) || writes.has(action);
}

/** The action as IAM knows it, on the table's ARN, with the partition keys that the request names. */
export function dynamodbOperation(
  context: Pick<CloudContext, "account" | "region">,
  request: ServiceRequest,
): Operation | undefined {
  const action = actionOf(request);
  if (action === undefined || !isSupported(action)) return undefined;
  const input = objectAt(parseJson(request.body.toString("utf8")));
  const keys = leadingKeys(input);
  return {
    action: `dynamodb:${action}`,
    resources: [tableArn(context, tableOf(input))],
    access: reads.has(action) ? "read" : "write",
    ...(keys.length > 0 && { conditions: { "dynamodb:LeadingKeys": keys } }),
  };
}

/**
 * `DynamoDB_20120810.GetItem` in the header x-amz-target. Source: DynamoDB developer guide,
 * low-level API.
 */
export function actionOf(request: Pick<ServiceRequest, "headers">): string | undefined {
  return /^DynamoDB_\d{8}\.(\w+)$/.exec(request.headers["x-amz-target"] ?? "")?.[1];
}

/**
 * ListTables knows no resource, so IAM asks for `*`. Source: service authorization reference,
 * DynamoDB.
 */
function tableOf(input: JsonObject): string {
  return stringAt(input["TableName"]) ?? "*";
}

function tableArn(place: AccountRegion, table: string): string {
  return table === "*" || table.startsWith("arn:")
    ? table
    : resourceArn(place, "dynamodb", `table/${table}`);
}
