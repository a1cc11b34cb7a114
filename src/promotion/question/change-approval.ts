import type { Approval } from "../../domain/approval.ts";
import type { Approvals } from "../../ports/approvals.ts";
import type { Need } from "../../ports/ports.ts";
import { contend } from "../concurrency/contend.ts";

export const changeApprovalNeeds = [
  "approvals.read",
  "approvals.write",
] as const satisfies readonly Need[];

/**
 * Writes the approval that `decide` returns; undefined leaves it unchanged. Gives the approval that
 * stands. Throws `WriteContended`.
 */
export async function changeApproval(
  approvals: Pick<Approvals, "read" | "write">,
  { promotion, hash }: Pick<Approval, "promotion" | "hash">,
  decide: (approval: Approval | undefined) => Approval | undefined,
): Promise<Approval | undefined> {
  const { stored, changed } = await contend({
    subject: `the approval of ${promotion}`,
    read: () => approvals.read(promotion, hash),
    decide: (approval) => ({ stored: approval, changed: decide(approval) }),
    write: async (decision) => !decision.changed || approvals.write(decision.changed),
  });
  return changed ?? stored;
}
