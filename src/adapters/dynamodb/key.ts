import { cutOff } from "../../domain/bounded.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { EnvironmentKey } from "../../domain/promotion.ts";

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/**
 * Of a sort key, in bytes; a partition key may be twice as long (DynamoDB developer guide,
 * "Quotas").
 */
const maxKeyLength = 1024;

/** Names of a key, joined by `#`; a name that holds one itself could pass for another key. */
export function joinKey(...names: readonly string[]): string {
  if (Buffer.byteLength(names.join("#")) > maxKeyLength) throw keyTooLong(names);
  const wrong = names.find((name) => name === "" || name.includes("#"));
  if (wrong === undefined) return names.join("#");
  throw new PromoterError(
    "InvalidInput",
    `naming an item of the table: expected a name without "#", got ${JSON.stringify(wrong)}; use another name`,
  );
}

/** The partition of what is kept of an environment. */
export function environmentPartition({ application, environment }: EnvironmentKey): string {
  return joinKey("ENV", application, environment);
}

/** Condition: there is no item of this key yet. */
export const isAbsent = "attribute_not_exists(pk)";

function keyTooLong(names: readonly string[]): PromoterError {
  const beginning = cutOff(names.join("#"), 100);
  return new PromoterError(
    "InvalidInput",
    `naming an item of the table: expected at most ${maxKeyLength} bytes, ` +
      `got more in ${JSON.stringify(beginning)}; use shorter names`,
  );
}
