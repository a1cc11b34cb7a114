import { isAbsent, type Key } from "./key.ts";
import { putItem, type Table } from "./table.ts";

/**
 * Writes on condition that the stored revision is the one before; none stored counts as 0. false
 * when it is another.
 */
export async function putRevision(
  table: Table,
  key: Key,
  fields: { readonly revision: number },
): Promise<boolean> {
  const former = fields.revision - 1;
  const condition = former === 0 ? isAbsent : "#revision = :former";
  const { kind } = await putItem(table, key, { fields, condition, values: { former } });
  return kind === "written";
}
