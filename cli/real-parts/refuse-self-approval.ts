import type { RealPart } from "@promoter/local-cloud/real-parts";
import { describePart } from "./describe-part.ts";

interface Wanted {
  /** Approve without asking: --yes, or nobody sits at a terminal. */
  readonly yes: boolean;
  /** Leave after the promotions that the pushes start. */
  readonly once: boolean;
}

/**
 * As soon as one part is real, nothing approves itself. Why it may not start like that, and what to
 * do; undefined: it may.
 */
export function refuseSelfApproval(
  parts: readonly RealPart[],
  { yes, once }: Wanted,
): string | undefined {
  if (yes && parts.length > 0) {
    return `${parts.map(describePart).join(", ")}: real, so nothing approves itself: run \`npm start\` in a terminal, without --yes`;
  }
  if (once && parts.some(({ kind }) => kind === "ecr")) {
    return "a real ECR tells this machine of no push, so there is no promotion to wait for: leave out --once";
  }
  return undefined;
}
