import type { Approval } from "../../domain/approval.ts";
import type { Approvals } from "../../ports/approvals.ts";
import { joinKey, type Key } from "./key.ts";
import { fieldsOf } from "./marshal.ts";
import { putRevision } from "./put-revision.ts";
import { getItem, type Table } from "./table.ts";

export function dynamodbApprovals(table: Table): Approvals {
  return {
    async read(promotion, hash) {
      const item = await getItem(table, keyOf({ promotion, hash }));
      return item && fieldsOf<Approval>(item);
    },
    write: (approval) => putRevision(table, keyOf(approval), approval),
  };
}

function keyOf({ promotion, hash }: Pick<Approval, "promotion" | "hash">): Key {
  return { pk: joinKey("APPROVAL", promotion, hash), sk: "APPROVAL" };
}
