import { causeOfFetch, errorMessage, isPromoterError } from "../../domain/errors.ts";
import type { ObserverAnswer } from "../../domain/observation.ts";

/**
 * A look that could not be made says nothing of the release. What ends the whole function, because
 * its time is over, stays an error.
 */
export function unclear(what: string, error: unknown): ObserverAnswer {
  if (isPromoterError(error)) throw error;
  return { kind: "unclear", reason: `${what} could not be asked: ${describe(error)}` };
}

function describe(error: unknown): string {
  const { name = "Error" } = error instanceof Error ? error : {};
  const message = errorMessage(causeOfFetch(error)) || name;
  return name === "Error" || name === "TypeError" ? message : `${name}: ${message}`;
}
