import { resourceArn } from "../aws/resource-arn.ts";
import type { CloudEvent } from "../service.ts";
import { artifactMediaType } from "./manifest.ts";
import type { StoredImage } from "./repository.ts";
import type { CompletedScan, SeverityCounts } from "./scan.ts";

interface RepositoryAddress {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
}

export function repositoryArn(address: RepositoryAddress): string {
  return resourceArn(address, "ecr", `repository/${address.repository}`);
}

/**
 * One event for each tag; an untagged push or delete has `image-tag: ""`, and `resources` stays
 * empty. Source: ECR user guide "Sample events from Amazon ECR", the service's EventBridge schema,
 * and events captured in 2023 and 2025.
 */
export function imageEvent(
  repository: string,
  action: "PUSH" | "DELETE",
  change: ImageChange,
): CloudEvent {
  return {
    source: "aws.ecr",
    "detail-type": detailType(change.image),
    resources: [],
    detail: {
      ...actionDetail(repository, action, change.image),
      "image-tag": change.tag ?? "",
      ...mediaTypeDetail(change.image),
    },
  };
}

/** A tag and what it was put on or taken from. */
export interface ImageChange {
  readonly image: StoredImage;
  readonly tag: string | undefined;
}

/** Archiving names no tag. Source: the same page, "Event for an image storage class update". */
export function storageClassEvent(repository: string, image: StoredImage): CloudEvent {
  return {
    source: "aws.ecr",
    "detail-type": detailType(image),
    resources: [],
    detail: {
      ...actionDetail(repository, "UPDATE_STORAGE_CLASS", image),
      "target-storage-class": "ARCHIVE",
    },
  };
}

/** Only COMPLETE and FAILED are documented; zero counts are left out. */
export function basicScanEvent(address: RepositoryAddress, scan: CompletedScan): CloudEvent {
  return {
    source: "aws.ecr",
    "detail-type": "ECR Image Scan",
    resources: [repositoryArn(address)],
    detail: {
      "scan-status": scan.result.kind === "complete" ? "COMPLETE" : "FAILED",
      "repository-name": address.repository,
      "finding-severity-counts": withoutZeros(scan.counts),
      "image-digest": scan.digest,
      "image-tags": scan.tags,
    },
  };
}

/**
 * `repository-name` is the full ARN here. Source: ECR user guide "EventBridge events for enhanced
 * scanning".
 */
export function inspectorScanEvent(address: RepositoryAddress, scan: CompletedScan): CloudEvent {
  const counts = withoutZeros(scan.counts);
  return {
    source: "aws.inspector2",
    "detail-type": "Inspector2 Scan",
    resources: [repositoryArn(address)],
    detail: {
      "scan-status": "INITIAL_SCAN_COMPLETE",
      "repository-name": repositoryArn(address),
      "finding-severity-counts": { ...counts, TOTAL: scan.findings.length },
      "image-digest": scan.digest,
      "image-tags": scan.tags,
    },
  };
}

export function findingArn(address: RepositoryAddress, digest: string, name: string): string {
  const id = `${digest.slice("sha256:".length, "sha256:".length + 16)}${name.toLowerCase()}`;
  return resourceArn(address, "inspector2", `finding/${id}`);
}

export function withoutZeros(counts: SeverityCounts): SeverityCounts {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/**
 * Manifests with a subject come under a detail-type of their own. Source: the same page, "Event for
 * a referrer action".
 */
function detailType(image: StoredImage): string {
  return image.manifest.subject ? "ECR Referrer Action" : "ECR Image Action";
}

function actionDetail(
  repository: string,
  action: string,
  image: StoredImage,
): Readonly<Record<string, string>> {
  return {
    "action-type": action,
    "repository-name": repository,
    result: "SUCCESS",
    "image-digest": image.digest,
  };
}

function mediaTypeDetail(image: StoredImage): Readonly<Record<string, string>> {
  const artifact = artifactMediaType(image.manifest);
  return {
    "manifest-media-type": image.manifest.mediaType,
    ...(artifact && { "artifact-media-type": artifact }),
  };
}
