export type WritingPhase = "writing" | "rolling-back";

/**
 * What one function announces before it changes an environment: until when its calls may still take
 * effect. Each function has its own, and none shortens or ends that of another: a late twin, a
 * repeated try and the rollback do not know of each other.
 */
export interface Claim {
  /** One run of one function; when it is repeated, that is another one. */
  readonly invocation: string;
  readonly phase: WritingPhase;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** The workflow never has more functions than this at work at the same moment. */
export const maxClaims = 32;

/** Those that are not past. */
export function liveClaims(claims: readonly Claim[], now: number): readonly Claim[] {
  return claims.filter(({ until }) => until > now);
}

/** One claim for each invocation: announced twice, it is the later of the two. */
export function addClaim(claims: readonly Claim[], claim: Claim): readonly Claim[] {
  const own = claims.find(({ invocation }) => invocation === claim.invocation);
  const others = claims.filter((one) => one !== own);
  return [...others, { ...claim, until: Math.max(claim.until, own?.until ?? 0) }];
}

/**
 * The invocation is over, and nothing of it takes effect after `until`; a claim is shortened by
 * this, never made longer.
 */
export function shortenClaim(
  claims: readonly Claim[],
  { invocation, until }: Pick<Claim, "invocation" | "until">,
): readonly Claim[] {
  return claims.map((claim) =>
    claim.invocation === invocation ? { ...claim, until: Math.min(claim.until, until) } : claim,
  );
}

/** When the last of these functions can no longer write, epoch milliseconds; 0: none is at work. */
export function claimedUntil(
  claims: readonly Claim[],
  phases: readonly WritingPhase[] = ["writing", "rolling-back"],
): number {
  return Math.max(
    0,
    ...claims.filter(({ phase }) => phases.includes(phase)).map(({ until }) => until),
  );
}
