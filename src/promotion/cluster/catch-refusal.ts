import { isPromoterError } from "../../domain/errors.ts";

/** Refusals of a cluster are an answer; whatever else is thrown is not. */
export async function catchRefusal<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly refusal: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (
      isPromoterError(error) &&
      (error.name === "ClusterRefused" || error.name === "FieldConflict")
    ) {
      return { refusal: error.message };
    }
    throw error;
  }
}

/** undefined: the cluster refuses to answer, as a rule because the right to ask is missing. */
export async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isPromoterError(error) && error.name === "ClusterRefused") return undefined;
    throw error;
  }
}
