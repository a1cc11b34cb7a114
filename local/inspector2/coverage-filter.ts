import * as z from "zod";
import type { CoveredImage } from "./coverage.ts";

/** The filters that concern images in ECR; any other is refused by name rather than ignored. */
const read: Readonly<Record<string, (image: CoveredImage) => readonly string[]>> = {
  accountId: (image) => [image.accountId],
  ecrImageTags: (image) => image.resourceMetadata.ecrImage.tags,
  ecrRepositoryName: (image) => [image.resourceMetadata.ecrRepository.name],
  resourceId: (image) => [image.resourceId],
  resourceType: (image) => [image.resourceType],
  scanStatusCode: (image) => [image.scanStatus.statusCode],
  scanStatusReason: (image) => [image.scanStatus.reason],
  scanType: (image) => [image.scanType],
};

const condition = z.object({
  comparison: z.enum(["EQUALS", "NOT_EQUALS"]),
  value: z.string().min(1),
});

export const coverageFilter = z
  .record(z.string(), z.array(condition).min(1).max(10))
  .refine(
    (filter) => Object.keys(filter).every((name) => name in read),
    "a filter that this service does not implement",
  );

export type CoverageFilter = z.infer<typeof coverageFilter>;

/** Names are joined by AND; for one name any EQUALS suffices and every NOT_EQUALS must hold. */
export function passes(filter: CoverageFilter, image: CoveredImage): boolean {
  return Object.entries(filter).every(([name, conditions]) =>
    meets(conditions, read[name]?.(image) ?? []),
  );
}

function meets(
  conditions: readonly z.infer<typeof condition>[],
  values: readonly string[],
): boolean {
  const wanted = conditions.filter(({ comparison }) => comparison === "EQUALS");
  const unwanted = conditions.filter(({ comparison }) => comparison === "NOT_EQUALS");
  const isThere = ({ value }: { readonly value: string }): boolean => values.includes(value);
  return (wanted.length === 0 || wanted.some(isThere)) && !unwanted.some(isThere);
}
