import type { DescribeImageScanFindingsResponse } from "@aws-sdk/client-ecr";
import { printable } from "../../domain/printable.ts";
import type { ScanState } from "../../domain/rules/facts.ts";
import { countsOf, tallyOf, type ScanTally } from "./scan-tally.ts";

type ScanOutcome = "counted" | Exclude<ScanState["kind"], "complete" | "absent">;

/**
 * Values of ScanStatus (ECR API reference, ImageScanStatus). Basic scanning ends in COMPLETE,
 * continuous enhanced scanning stays ACTIVE (aws/aws-cli issue 6759), and COMPLETE comes with
 * enhanced findings too (theam/facility pull request 127).
 */
const outcomes: Readonly<Record<string, ScanOutcome>> = {
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

/**
 * An unknown status is a failure: nothing passes because we cannot read it. `tally`: that of all
 * pages.
 */
export function scanState(
  answer: DescribeImageScanFindingsResponse,
  tally = tallyOf(answer.imageScanFindings ?? {}),
): ScanState {
  const { status, description } = answer.imageScanStatus ?? {};
  if (status === undefined) return { kind: "in-progress" };
  const outcome = outcomes[status] ?? "failed";
  if (outcome === "counted") return counted(tally, answer.imageScanFindings?.imageScanCompletedAt);
  if (outcome === "in-progress") return { kind: "in-progress" };
  return { kind: outcome, reason: description ? `${status}: ${printable(description)}` : status };
}

/**
 * Status COMPLETE can come seconds before the findings, then without counts (aws/aws-sdk issue
 * 289); an image without findings has an empty count. Empty counts beside findings have not arrived
 * yet either.
 */
function counted(tally: ScanTally, completedAt: Date | undefined): ScanState {
  const { reported, listed, examples } = tally;
  if (!reported || (Object.keys(reported).length === 0 && Object.keys(listed).length > 0)) {
    return { kind: "in-progress" };
  }
  return {
    kind: "complete",
    counts: countsOf(tally),
    completedAt: completedAt?.getTime(),
    ...(examples.length > 0 && { examples }),
  };
}
