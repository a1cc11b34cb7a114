import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { placeholders } from "./expressions.ts";
import { marshal, type Item } from "./marshal.ts";
import { send, type Table } from "./table.ts";

export interface KeyRange {
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
export async function queryItems(table: Table, range: KeyRange): Promise<readonly Item[]> {
  const { pk, after, limit = Infinity } = range;
  const items: Item[] = [];
  let start: Item | undefined = after === undefined ? undefined : marshal({ pk, sk: after });
  do {
    const command = queryCommand(table, range, {
      start,
      left: range.only ? Infinity : limit - items.length,
    });
    const page = await send(
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
  { pk, prefix, attributes, order, only }: KeyRange,
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
