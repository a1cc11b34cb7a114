import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { bounded, cutOff } from "../../domain/bounded.ts";
import { PromoterError } from "../../domain/errors.ts";
import { marshal, schemaVersion, type Item } from "./marshal.ts";
import { translateError } from "./translate-error.ts";

/** The one table, and a client whose retries fit the step that uses it. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly table: string;
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/**
 * Of a sort key, in bytes; a partition key may be twice as long (DynamoDB developer guide,
 * "Quotas").
 */
const maxKeyLength = 1024;

/** Names of a key, joined by `#`; a name that holds one itself could pass for another key. */
export function keyText(...names: readonly string[]): string {
  if (Buffer.byteLength(names.join("#")) > maxKeyLength) throw tooLong(names);
  const wrong = names.find((name) => name === "" || name.includes("#"));
  if (wrong === undefined) return names.join("#");
  throw new PromoterError(
    "InvalidInput",
    `naming an item of the table: expected a name without "#", got ${JSON.stringify(wrong)}; use another name`,
  );
}

function tooLong(names: readonly string[]): PromoterError {
  const beginning = cutOff(names.join("#"), 100);
  return new PromoterError(
    "InvalidInput",
    `naming an item of the table: expected at most ${maxKeyLength} bytes, got more in ${JSON.stringify(beginning)}; use shorter names`,
  );
}

/**
 * A condition that does not hold is an answer, with the item that stands in the way (undefined:
 * there is none).
 */
export type Written =
  | { readonly kind: "written"; readonly item: Item }
  | { readonly kind: "refused"; readonly existing: Item | undefined };

/** Strongly consistent. */
export async function getItem(table: Table, key: Key): Promise<Item | undefined> {
  const command = new GetItemCommand({
    TableName: table.table,
    Key: marshal(key),
    ConsistentRead: true,
  });
  return (await sent(table, key, { doing: "reading", call: () => table.client.send(command) }))
    .Item;
}

export interface Put {
  readonly fields: object;
  readonly condition?: string;
  readonly values?: object;
}

/** In `condition`, every `#name` stands for the attribute `name`, every `:name` for `values.name`. */
export async function putItem(
  table: Table,
  key: Key,
  { fields, condition, values }: Put,
): Promise<Written> {
  const writer = condition === undefined ? undefined : randomUUID();
  const item = marshal({ ...bounded(fields), ...key, schemaVersion, writer });
  const command = new PutItemCommand({
    TableName: table.table,
    Item: item,
    ...(condition !== undefined && {
      ConditionExpression: condition,
      ...placeholders(condition, { names: {}, values: values ?? {} }),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    }),
  });
  return written(async () => {
    await sent(table, key, { doing: "writing", call: () => table.client.send(command) });
    return item;
  }, writer);
}

export interface Update {
  /** Clauses of an UpdateExpression without their keyword, such as `#a = :a, #b = :b`. */
  readonly set?: readonly string[];
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly condition: string;
  /** Attributes whose name is no word: `{ digest: "digest#orderbook-api" }` for `#digest`. */
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: object;
}

/** One UpdateItem; the whole item as it is afterwards. */
export async function updateItem(table: Table, key: Key, update: Update): Promise<Written> {
  const writer = randomUUID();
  const expression = updateExpression(update);
  const command = new UpdateItemCommand({
    TableName: table.table,
    Key: marshal(key),
    UpdateExpression: expression,
    ConditionExpression: update.condition,
    ...placeholders(`${expression} ${update.condition}`, {
      names: update.names ?? {},
      values: { ...bounded(update.values), writer, schemaVersion },
    }),
    ReturnValues: "ALL_NEW",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  return written(
    async () =>
      (await sent(table, key, { doing: "changing", call: () => table.client.send(command) }))
        .Attributes ?? {},
    writer,
  );
}

/** Absent is fine; `condition` keeps what is another one by now. */
export async function deleteItem(
  table: Table,
  key: Key,
  unless: { readonly condition?: string; readonly values?: object } = {},
): Promise<void> {
  const { condition, values = {} } = unless;
  const command = new DeleteItemCommand({
    TableName: table.table,
    Key: marshal(key),
    ...(condition !== undefined && {
      ConditionExpression: condition,
      ...placeholders(condition, { names: {}, values }),
    }),
  });
  await written(async () => {
    await sent(table, key, { doing: "deleting", call: () => table.client.send(command) });
    return {};
  }, undefined);
}

export interface Range {
  readonly pk: string;
  /** Start of the sort keys wanted; empty: all. */
  readonly prefix: string;
  readonly attributes?: readonly string[];
  readonly order?: "ascending" | "descending";
  /** Continues behind this sort key. */
  readonly after?: string | undefined;
  readonly limit?: number;
  /** Items whose attribute is one of these; the others are read and left out. */
  readonly only?: { readonly attribute: string; readonly values: readonly string[] };
}

/**
 * Items of one partition in the order of their sort keys, over as many pages of 1 MB as it takes.
 * Strongly consistent.
 */
export async function queryItems(table: Table, range: Range): Promise<readonly Item[]> {
  const { pk, after, limit = Infinity } = range;
  const items: Item[] = [];
  let start: Item | undefined = after === undefined ? undefined : marshal({ pk, sk: after });
  do {
    const command = queryCommand(table, range, {
      start,
      left: range.only ? Infinity : limit - items.length,
    });
    const page = await sent(
      table,
      { pk, sk: range.prefix },
      { doing: "listing", call: () => table.client.send(command) },
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && items.length < limit);
  return items;
}

function queryCommand(
  { table }: Table,
  { pk, prefix, attributes, order, only }: Range,
  { start, left }: { readonly start: Item | undefined; readonly left: number },
): QueryCommand {
  const condition = prefix === "" ? "#pk = :pk" : "#pk = :pk AND begins_with(#sk, :prefix)";
  const projection = attributes?.map((name) => `#${name}`).join(", ");
  const wanted = Object.fromEntries(
    (only?.values ?? []).map((value, index) => [`wanted${index}`, value]),
  );
  const filter =
    only &&
    `#${only.attribute} IN (${Object.keys(wanted)
      .map((name) => `:${name}`)
      .join(", ")})`;
  return new QueryCommand({
    TableName: table,
    KeyConditionExpression: condition,
    ...placeholders(`${condition} ${projection ?? ""} ${filter ?? ""}`, {
      names: {},
      values: { pk, prefix, ...wanted },
    }),
    ...(filter !== undefined && { FilterExpression: filter }),
    ...(projection !== undefined && { ProjectionExpression: projection }),
    ...(start && { ExclusiveStartKey: start }),
    ...(Number.isFinite(left) && { Limit: left }),
    ScanIndexForward: order !== "descending",
    ConsistentRead: true,
  });
}

function updateExpression({ set = [], add = [], remove = [] }: Update): string {
  const sections = {
    SET: [...set, "#writer = :writer", "#schemaVersion = :schemaVersion"],
    ADD: add,
    REMOVE: remove,
  };
  return Object.entries(sections)
    .filter(([, clauses]) => clauses.length > 0)
    .map(([word, clauses]) => `${word} ${clauses.join(", ")}`)
    .join(" ");
}

/** DynamoDB refuses a name or value that no expression uses, so only those that occur are sent. */
function placeholders(
  expression: string,
  { names, values }: { readonly names: Readonly<Record<string, string>>; readonly values: object },
): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Item } {
  const usedNames = [...expression.matchAll(/#(\w+)/g)].map(([placeholder, name = ""]) => [
    placeholder,
    names[name] ?? name,
  ]);
  const usedValues = new Set([...expression.matchAll(/:(\w+)/g)].map(([, name]) => name));
  const sentValues = Object.entries(values)
    .filter(([name]) => usedValues.has(name))
    .map(([name, value]) => [`:${name}`, value]);
  return {
    ...(usedNames.length > 0 && { ExpressionAttributeNames: Object.fromEntries(usedNames) }),
    ...(sentValues.length > 0 && {
      ExpressionAttributeValues: marshal(Object.fromEntries(sentValues)),
    }),
  };
}

/**
 * The SDK repeats a write whose answer was lost, and the second one then fails on what the first
 * wrote. The item names its last writer, so that our own write is never taken for somebody else's.
 */
async function written(write: () => Promise<Item>, writer: string | undefined): Promise<Written> {
  try {
    return { kind: "written", item: await write() };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const existing = error.Item;
    const ours = writer !== undefined && existing?.["writer"]?.S === writer;
    return ours ? { kind: "written", item: existing } : { kind: "refused", existing };
  }
}

async function sent<Output>(
  { table }: Table,
  { pk, sk }: Key,
  { doing, call }: { readonly doing: string; readonly call: () => Promise<Output> },
): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof ConditionalCheckFailedException
      ? error
      : translateError(error, `${doing} ${pk}/${sk} in table ${table}`);
  }
}
