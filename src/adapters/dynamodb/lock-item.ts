import type { Claim } from "../../domain/claim.ts";
import type { Lock, Owner, Unsettled } from "../../domain/lock.ts";

/**
 * The lock as any version of ours wrote it: versions before claims existed kept one number for all
 * functions, in one of three places.
 */
export interface LockItem extends Omit<Lock, "claims" | "owner" | "unsettled"> {
  readonly claims?: readonly Claim[];
  readonly owner?: (Owner & WritingUntil) | undefined;
  readonly unsettled?: (Unsettled & WritingUntil) | undefined;
  readonly writersUntil?: number | undefined;
}

interface WritingUntil {
  readonly writingUntil?: number | undefined;
}

/**
 * It is unknown which function such a number belongs to, so it is waited out as a writing claim
 * that is never ended.
 */
export function lockOf({ claims = [], owner, unsettled, writersUntil, ...lock }: LockItem): Lock {
  const owning = owner && splitUntil(owner);
  const leaving = unsettled && splitUntil(unsettled);
  const earlier = [owning?.until, leaving?.until, writersUntil].flatMap((until) => until ?? []);
  return {
    ...lock,
    owner: owning?.part,
    unsettled: leaving?.part,
    claims: [
      ...claims,
      ...earlier.map((until) => ({
        invocation: `earlier-version/${until}`,
        phase: "writing" as const,
        until,
      })),
    ],
  };
}

function splitUntil<Part extends WritingUntil>({
  writingUntil: until,
  ...part
}: Part): { readonly part: Omit<Part, "writingUntil">; readonly until: number | undefined } {
  return { part, until };
}
