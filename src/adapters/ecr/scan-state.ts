import type { DescribeImageScanFindingsResponse, ImageScanFindings } from "@aws-sdk/client-ecr";
import { printable } from "../../domain/printable.ts";
import type { ScanState } from "../../domain/rules/facts.ts";

type Outcome = "counted" | Exclude<ScanState["kind"], "complete" | "absent">;

/**
 * Values of ScanStatus (ECR API reference, ImageScanStatus). Basic scanning ends in COMPLETE, continuous enhanced scanning stays ACTIVE
 * (aws/aws-cli issue 6759), and COMPLETE comes with enhanced findings too (theam/facility pull request 127).
 */
const outcomes: Readonly<Record<string, Outcome>> = {
  COMPLETE: "counted",
  ACTIVE: "counted",
  IN_PROGRESS: "in-progress",
  PENDING: "in-progress",
  UNSUPPORTED_IMAGE: "unsupported",
  FAILED: "failed",
  FINDINGS_UNAVAILABLE: "failed",
  IMAGE_ARCHIVED: "failed",
  LIMIT_EXCEEDED: "failed",
  SCAN_ELIGIBILITY_EXPIRED: "failed",
};

/** A status that we do not know is a failure: nothing passes because we cannot read it. */
export function scanState({ imageScanStatus, imageScanFindings }: DescribeImageScanFindingsResponse): ScanState {
  const { status, description } = imageScanStatus ?? {};
  if (status === undefined) return { kind: "in-progress" };
  const outcome = outcomes[status] ?? "failed";
  if (outcome === "counted") return counted(imageScanFindings ?? {});
  if (outcome === "in-progress") return { kind: "in-progress" };
  return { kind: outcome, reason: description ? `${status}: ${printable(description)}` : status };
}

/**
 * Status COMPLETE can come seconds before the findings, then without counts (aws/aws-sdk issue 289); an image without findings has an
 * empty count. Counts that contradict the findings beside them are not there yet either.
 */
function counted(scan: ImageScanFindings): ScanState {
  const counts = scan.findingSeverityCounts;
  if (!counts) return { kind: "in-progress" };
  const bySeverity = Object.fromEntries(Object.entries(counts).map(([severity, count]) => [severity.toUpperCase(), count]));
  if (Object.keys(bySeverity).length === 0 && hasFindings(scan)) return { kind: "in-progress" };
  return { kind: "complete", counts: bySeverity, completedAt: scan.imageScanCompletedAt?.getTime() };
}

/** Suppressed and closed findings of Inspector are not counted. */
function hasFindings({ findings = [], enhancedFindings = [] }: ImageScanFindings): boolean {
  return findings.length > 0 || enhancedFindings.some(({ status }) => status === undefined || status === "ACTIVE");
}
