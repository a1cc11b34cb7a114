import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { bounded } from "../../domain/bounded.ts";
import { placeholders, updateExpression, type Update } from "./expressions.ts";
import type { Key } from "./key.ts";
import { marshal, schemaVersion, type Item } from "./marshal.ts";
import { translateError } from "./translate-error.ts";

/** The one table, and a client whose retries fit the step that uses it. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/**
 * A condition that does not hold is an answer, with the item that stands in the way (undefined:
 * there is none).
 */
export type WriteResult =
  | { readonly kind: "written"; readonly item: Item }
  | { readonly kind: "refused"; readonly existing: Item | undefined };

/** Strongly consistent. */
export async function getItem(table: Table, key: Key): Promise<Item | undefined> {
  const command = new GetItemCommand({
    TableName: table.table,
    Key: marshal(key),
    ConsistentRead: true,
  });
  return (await send(table, key, { doing: "reading", call: () => table.client.send(command) }))
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
): Promise<WriteResult> {
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
  return conditionalWrite(async () => {
    await send(table, key, { doing: "writing", call: () => table.client.send(command) });
    return item;
  }, writer);
}

/** One UpdateItem; the whole item as it is afterwards. */
export async function updateItem(table: Table, key: Key, update: Update): Promise<WriteResult> {
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
  return conditionalWrite(
    async () =>
      (await send(table, key, { doing: "changing", call: () => table.client.send(command) }))
        .Attributes ?? {},
    writer,
  );
}

/** Absent is fine; `condition` keeps an item that has since been replaced. */
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
  await conditionalWrite(async () => {
    await send(table, key, { doing: "deleting", call: () => table.client.send(command) });
    return {};
  }, undefined);
}

/**
 * The SDK repeats a write whose answer was lost, and the second one then fails on what the first
 * wrote. The item names its last writer, so that our own write is never taken for another
 * writer's.
 */
async function conditionalWrite(
  write: () => Promise<Item>,
  writer: string | undefined,
): Promise<WriteResult> {
  try {
    return { kind: "written", item: await write() };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const existing = error.Item;
    const ours = writer !== undefined && existing?.["writer"]?.S === writer;
    return ours ? { kind: "written", item: existing } : { kind: "refused", existing };
  }
}

/** Errors of a call are translated, except for a condition that does not hold. */
export async function send<Output>(
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
