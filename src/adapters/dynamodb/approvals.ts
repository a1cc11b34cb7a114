import type { Approval, MessageRef } from "../../domain/approval.ts";
import type { Approvals } from "../../ports/approvals.ts";
import { joinKey, type Key } from "./key.ts";
import { fieldsOf } from "./marshal.ts";
import { putRevision } from "./put-revision.ts";
import { getItem, type Table } from "./table.ts";

export function dynamodbApprovals(table: Table): Approvals {
  return {
    async read(promotion, hash) {
      const item = await getItem(table, keyOf({ promotion, hash }));
      return item && approvalOf(fieldsOf<ApprovalItem>(item));
    },
    write: (approval) => putRevision(table, keyOf(approval), itemOf(approval)),
  };
}

/** The message under the names that every version of ours wrote, which are Slack's. */
interface ApprovalItem extends Omit<Approval, "message"> {
  readonly message: MessageItem | undefined;
}

interface MessageItem extends Pick<MessageRef, "channel" | "app"> {
  readonly ts: string;
  readonly team?: string;
}

function approvalOf({ message, ...approval }: ApprovalItem): Approval {
  if (!message) return { ...approval, message };
  const { ts: id, team: workspace, ...rest } = message;
  return {
    ...approval,
    message: { ...rest, id, ...(workspace === undefined ? {} : { workspace }) },
  };
}

function itemOf({ message, ...approval }: Approval): ApprovalItem {
  if (!message) return { ...approval, message };
  const { id: ts, workspace: team, ...rest } = message;
  return { ...approval, message: { ...rest, ts, ...(team === undefined ? {} : { team }) } };
}

function keyOf({ promotion, hash }: Pick<Approval, "promotion" | "hash">): Key {
  return { pk: joinKey("APPROVAL", promotion, hash), sk: "APPROVAL" };
}
