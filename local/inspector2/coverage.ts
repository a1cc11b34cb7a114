import { resourceArn } from "../aws/resource-arn.ts";
import type { ScanView } from "../ecr/controls.ts";
import { isIndexType } from "../oci/media-types.ts";

export interface CoveragePlace {
  readonly account: string;
  readonly region: string;
}

export interface CoveredImage {
  readonly resourceType: "AWS_ECR_CONTAINER_IMAGE";
  readonly resourceId: string;
  readonly accountId: string;
  readonly scanType: "PACKAGE";
  readonly scanStatus: CoverageStatus;
  readonly resourceMetadata: {
    readonly ecrRepository: { readonly name: string; readonly scanFrequency: string };
    readonly ecrImage: { readonly tags: readonly string[] };
  };
  /** Seconds since 1970. */
  readonly lastScannedAt?: number;
}

interface CoverageStatus {
  readonly statusCode: "ACTIVE" | "INACTIVE";
  readonly reason: string;
}

export function coveredImage(
  place: CoveragePlace,
  { repository, image, scan }: ScanView,
): CoveredImage {
  const completed = scan?.completedAt;
  return {
    resourceType: "AWS_ECR_CONTAINER_IMAGE",
    resourceId: resourceArn(place, "ecr", `repository/${repository}/${image.digest}`),
    accountId: place.account,
    scanType: "PACKAGE",
    scanStatus: statusOf({ repository, image, scan }),
    resourceMetadata: {
      ecrRepository: { name: repository, scanFrequency: "CONTINUOUS_SCAN" },
      ecrImage: { tags: image.tags },
    },
    ...(completed !== undefined && { lastScannedAt: completed / 1000 }),
  };
}

/** The words are those of the service model (ScanStatusCode, ScanStatusReason). */
function statusOf({ image, scan }: ScanView): CoverageStatus {
  if (image.status === "ARCHIVED") return inactive("IMAGE_ARCHIVED");
  if (isIndexType(image.mediaType)) return inactive("UNSUPPORTED_MEDIA_TYPE");
  if (!scan) return inactive("NO_SCAN_CONFIGURATION_ASSOCIATED");
  if (scan.completedAt === undefined) {
    return { statusCode: "ACTIVE", reason: "PENDING_INITIAL_SCAN" };
  }
  return endings[scan.result.kind];
}

const endings: Readonly<Record<NonNullable<ScanView["scan"]>["result"]["kind"], CoverageStatus>> = {
  complete: { statusCode: "ACTIVE", reason: "SUCCESSFUL" },
  failed: inactive("INTERNAL_ERROR"),
  unsupported: inactive("UNSUPPORTED_OS"),
  expired: inactive("SCAN_ELIGIBILITY_EXPIRED"),
  unavailable: inactive("INTERNAL_ERROR"),
  never: { statusCode: "ACTIVE", reason: "PENDING_INITIAL_SCAN" },
  absent: inactive("NO_SCAN_CONFIGURATION_ASSOCIATED"),
};

function inactive(reason: string): CoverageStatus {
  return { statusCode: "INACTIVE", reason };
}
