import { listOf, objectOf, textOf, type JsonObject } from "./json-object.ts";

/** Every table of this cloud has the same key. */
export const partitionKey = "pk";
export const sortKey = "sk";

/**
 * The partition key values that a request names, once each: the value of IAM's
 * `dynamodb:LeadingKeys`.
 */
export function leadingKeys(input: JsonObject): readonly string[] {
  const found = [keyOf(input["Key"]), keyOf(input["Item"]), ...queried(input), ...batched(input)];
  return [...new Set(found.filter((key) => key !== undefined))];
}

function keyOf(attributes: unknown): string | undefined {
  return textOf(objectOf(objectOf(attributes)[partitionKey])["S"]);
}

const equation = /(#?\w+)\s*=\s*(:\w+)/g;

function queried(input: JsonObject): readonly (string | undefined)[] {
  const names = objectOf(input["ExpressionAttributeNames"]);
  const values = objectOf(input["ExpressionAttributeValues"]);
  return [...(textOf(input["KeyConditionExpression"]) ?? "").matchAll(equation)]
    .filter(([, name = ""]) => (names[name] ?? name) === partitionKey)
    .map(([, , value = ""]) => textOf(objectOf(values[value])["S"]));
}

function batched(input: JsonObject): readonly (string | undefined)[] {
  return Object.values(objectOf(input["RequestItems"])).flatMap((table) => [
    ...listOf(objectOf(table)["Keys"]).map(keyOf),
    ...listOf(table).flatMap((write) =>
      Object.values(objectOf(write)).map(
        (what) => keyOf(objectOf(what)["Key"]) ?? keyOf(objectOf(what)["Item"]),
      ),
    ),
  ]);
}
