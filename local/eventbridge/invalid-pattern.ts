/**
 * Carries the reason of a refusal from the depth of a pattern up to the compiler, which answers it
 * as a value.
 */
class InvalidPattern extends Error {}

export function refusePattern(reason: string): never {
  throw new InvalidPattern(reason);
}

/** The reason when `error` is a refusal; anything else is a fault of ours and is thrown on. */
export function refusalReason(error: unknown): string {
  if (error instanceof InvalidPattern) return error.message;
  throw error;
}
