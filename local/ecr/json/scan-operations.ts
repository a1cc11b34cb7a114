import * as z from "zod";
import type { PageRequest } from "../../aws/page.ts";
import { EcrFault } from "../ecr-fault.ts";
import { findingArn, repositoryArn, withoutZeros } from "../events.ts";
import { page } from "../page.ts";
import type { Registry } from "../registry.ts";
import type { Repository, StoredImage } from "../repository.ts";
import { countsOf, findingsOf, scanStatus } from "../scan.ts";
import type { Scan, ScanFinding, SeverityCounts } from "../scan.ts";
import { imageOrThrow } from "./image-queries.ts";
import {
  imageId,
  inRepository,
  jsonOperation,
  paged,
  placeOf,
  repositoryOf,
  timestamp,
} from "./json-operation.ts";
import type { JsonAnswer } from "./json-operation.ts";

export const describeImageScanFindings = jsonOperation(
  z.object({ ...inRepository, ...paged, imageId }),
  (registry, input) => {
    const repository = repositoryOf(registry, input);
    const image = imageOrThrow(registry, repository, input.imageId);
    const scan = scanOrThrow(registry, repository, image);
    const { findings, nextToken } = findingsPage({ registry, repository, image }, scan, input);
    return {
      ...placeOf(registry, repository),
      imageId: { ...input.imageId, imageDigest: image.digest },
      imageScanStatus: scanStatus(registry.scanner.configuration.type, scan),
      ...(findings && { imageScanFindings: findings }),
      ...(nextToken !== undefined && { nextToken }),
    };
  },
);

/** Indexes are never scanned themselves, so the look-up always ends here for them. */
function scanOrThrow(registry: Registry, repository: Repository, { digest }: StoredImage): Scan {
  const scan = registry.scanner.scanOf(repository, digest);
  if (scan) return scan;
  const { account } = registry.context;
  const where = `repository with name '${repository.name}' in the registry with id '${account}'`;
  throw new EcrFault(
    "ScanNotFoundException",
    `Image scan does not exist for the image with '{imageDigest:'${digest}'}' in the ${where}`,
  );
}

interface ScanTarget {
  readonly registry: Registry;
  readonly repository: Repository;
  readonly image: StoredImage;
}

interface FindingsPage {
  readonly findings: JsonAnswer | undefined;
  readonly nextToken?: string;
}

/**
 * Enhanced scanning fills `enhancedFindings` only; clean, it shows an empty `findings` (aws/aws-cli
 * issue 6759).
 */
function findingsPage(scanned: ScanTarget, scan: Scan, request: PageRequest): FindingsPage {
  if (scan.completedAt === undefined || scan.result.kind !== "complete") {
    return { findings: undefined };
  }
  const isEnhanced = scanned.registry.scanner.configuration.type === "ENHANCED";
  // Pages of enhanced findings have 100, whatever is asked for (boto/boto3 issue 3449).
  const { items, ...rest } = page(
    findingsOf(scan.result),
    isEnhanced ? { nextToken: request.nextToken } : request,
    100,
  );
  const enhanced = isEnhanced && items.length > 0;
  const listed = enhanced
    ? { enhancedFindings: items.map((finding) => enhancedFinding(scanned, scan, finding)) }
    : { findings: items.map(basicFinding) };
  const counts = withoutZeros(
    isEnhanced ? untriaged(countsOf(scan.result)) : countsOf(scan.result),
  );
  const moments = {
    imageScanCompletedAt: timestamp(scan.completedAt),
    vulnerabilitySourceUpdatedAt: timestamp(scan.startedAt),
  };
  return { findings: { ...moments, findingSeverityCounts: counts, ...listed }, ...rest };
}

/** Inspector's word for a severity that nobody has judged yet. */
function untriaged({
  UNDEFINED: unjudged = 0,
  ...counts
}: SeverityCounts): Readonly<Record<string, number>> {
  return { ...counts, UNTRIAGED: unjudged };
}

/** The package is in attributes (AWS CLI reference, describe-image-scan-findings, examples). */
function basicFinding({ package: found, ...finding }: ScanFinding): JsonAnswer {
  if (!found) return finding;
  return {
    ...finding,
    attributes: [
      { key: "package_version", value: found.version },
      { key: "package_name", value: found.name },
    ],
  };
}

function enhancedFinding(scanned: ScanTarget, scan: Scan, finding: ScanFinding): JsonAnswer {
  const { account, region } = scanned.registry.context;
  const place = { account, region, repository: scanned.repository.name };
  const at = timestamp(scan.completedAt ?? scan.startedAt);
  return {
    awsAccountId: account,
    findingArn: findingArn(place, scanned.image.digest, finding.name),
    severity: finding.severity === "UNDEFINED" ? "UNTRIAGED" : finding.severity,
    title: finding.name,
    ...(finding.description !== undefined && { description: finding.description }),
    status: "ACTIVE",
    type: "PACKAGE_VULNERABILITY",
    firstObservedAt: at,
    lastObservedAt: at,
    updatedAt: at,
    packageVulnerabilityDetails: {
      vulnerabilityId: finding.name,
      sourceUrl: finding.uri,
      ...(finding.package && { vulnerablePackages: [vulnerablePackage(finding.package)] }),
    },
    ...(finding.package && { fixAvailable: finding.package.fixedIn === undefined ? "NO" : "YES" }),
    resources: [
      { id: `${repositoryArn(place)}/${scanned.image.digest}`, type: "AWS_ECR_CONTAINER_IMAGE" },
    ],
  };
}

function vulnerablePackage({
  name,
  version,
  fixedIn,
}: NonNullable<ScanFinding["package"]>): JsonAnswer {
  return { name, version, ...(fixedIn !== undefined && { fixedInVersion: fixedIn }) };
}
