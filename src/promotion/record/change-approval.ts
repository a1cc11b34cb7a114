import type { Approval } from "../../domain/approval.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { Approvals } from "../../ports/approvals.ts";

const tries = 8;

/**
 * Reads, decides, writes on condition that nobody wrote in between; undefined from `decide` leaves
 * it as it is. Throws `WriteContended`.
 */
export async function changeApproval(
  approvals: Approvals,
  { promotion, hash }: Pick<Approval, "promotion" | "hash">,
  decide: (approval: Approval | undefined) => Approval | undefined,
): Promise<Approval | undefined> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const approval = await approvals.read(promotion, hash);
    const changed = decide(approval);
    if (!changed) return approval;
    if (await approvals.write(changed)) return changed;
  }
  throw new PromoterError(
    "WriteContended",
    `the approval of ${promotion} changed ${tries} times while we tried to write it; try again`,
  );
}
