import { PromoterError } from "../../src/domain/errors.ts";

/** "Maximum item size: 400 KB" (DynamoDB developer guide, "Quotas"). */
const maxItemSize = 400 * 1024;

/**
 * What the table would refuse is refused here too. Roughly: the text as JSON is a little longer
 * than what DynamoDB counts.
 */
export function assertItemFits(item: object): void {
  const size = Buffer.byteLength(JSON.stringify(item));
  if (size > maxItemSize) {
    throw new PromoterError(
      "StoreRefused",
      `writing an item of ${size} bytes: an item holds at most 400 KB`,
    );
  }
}
