import { objectAt, stringAt, type JsonObject, type Json } from "../json-value.ts";

/** Every table of this cloud has the same key. */
export const partitionKey = "pk";
export const sortKey = "sk";

/**
 * The partition key values that a request names, once each: the value of IAM's
 * `dynamodb:LeadingKeys`.
 */
export function leadingKeys(input: JsonObject): readonly string[] {
  const found = [keyOf(input["Key"]), keyOf(input["Item"]), ...queried(input)];
  return [...new Set(found.filter((key) => key !== undefined))];
}

function keyOf(attributes: Json | undefined): string | undefined {
  return stringAt(objectAt(objectAt(attributes)[partitionKey])["S"]);
}

const equation = /(#?\w+)\s*=\s*(:\w+)/g;

function queried(input: JsonObject): readonly (string | undefined)[] {
  const names = objectAt(input["ExpressionAttributeNames"]);
  const values = objectAt(input["ExpressionAttributeValues"]);
  return [...(stringAt(input["KeyConditionExpression"]) ?? "").matchAll(equation)]
    .filter(([, name = ""]) => (names[name] ?? name) === partitionKey)
    .map(([, , value = ""]) => stringAt(objectAt(values[value])["S"]));
}
