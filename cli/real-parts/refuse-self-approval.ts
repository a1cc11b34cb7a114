import type { RealPart } from "@promoter/local-cloud/real-parts";
import { describePart } from "./describe-part.ts";

/**
 * As soon as one part is real, nothing approves itself. Why it may not start like that, and what to
 * do; undefined: it may. `yes`: approves without asking; `once`: it ends after the promotions that
 * the pushes start.
 */
export function refuseSelfApproval(
  parts: readonly RealPart[],
  { yes, once }: { readonly yes: boolean; readonly once: boolean },
): string | undefined {
  if (yes && parts.length > 0) {
    const real = parts.map(describePart).join(", ");
    return `${real}: real, so nothing is approved automatically: run \`npm start\` in a terminal, without --yes`;
  }
  if (once && parts.some(({ kind }) => kind === "ecr")) {
    return "a real ECR announces no push to this machine, so there is no promotion to wait for: omit --once";
  }
  return undefined;
}
