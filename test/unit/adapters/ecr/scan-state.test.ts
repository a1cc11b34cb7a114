import type { DescribeImageScanFindingsResponse } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { scanState } from "../../../../src/adapters/ecr/scan-state.ts";

const answer = (status: string, scan?: DescribeImageScanFindingsResponse["imageScanFindings"]) =>
  scanState({
    imageScanStatus: { status: status as "COMPLETE", description: "as described" },
    ...(scan && { imageScanFindings: scan }),
  });

const enhanced = (fields: object, package_: object = {}) => ({
  severity: "CRITICAL",
  packageVulnerabilityDetails: {
    vulnerabilityId: "CVE-2025-1",
    vulnerablePackages: [{ name: "openssl", version: "3.0.1", ...package_ }],
  },
  ...fields,
});

describe("the state of a scan", () => {
  // Every value of ScanStatus in the ECR API reference, ImageScanStatus.
  it.each([
    ["IN_PROGRESS", "in-progress"],
    ["PENDING", "in-progress"],
    ["UNSUPPORTED_IMAGE", "unsupported"],
    ["FAILED", "failed"],
    ["FINDINGS_UNAVAILABLE", "failed"],
    ["IMAGE_ARCHIVED", "failed"],
    ["LIMIT_EXCEEDED", "failed"],
    ["SCAN_ELIGIBILITY_EXPIRED", "failed"],
    ["A_STATUS_OF_NEXT_YEAR", "failed"],
  ])("is never complete when ECR says %s, not even with counts", (status, kind) => {
    expect(answer(status, { findingSeverityCounts: {} }).kind).toBe(kind);
  });

  it("says what ECR says of a scan that failed", () => {
    expect(answer("FAILED")).toEqual({ kind: "failed", reason: "FAILED: as described" });
  });

  // Continuous enhanced scanning stays ACTIVE (aws/aws-cli issue 6759).
  it.each(["COMPLETE", "ACTIVE"])("is complete with its counts when ECR says %s", (status) => {
    const imageScanCompletedAt = new Date("2026-01-05T09:00:00Z");
    expect(
      answer(status, { findingSeverityCounts: { CRITICAL: 1, HIGH: 2 }, imageScanCompletedAt }),
    ).toEqual({
      kind: "complete",
      counts: { CRITICAL: 1, HIGH: 2 },
      completedAt: imageScanCompletedAt.getTime(),
    });
  });

  it("is complete without findings when the counts are empty", () => {
    expect(answer("COMPLETE", { findings: [], findingSeverityCounts: {} })).toEqual({
      kind: "complete",
      counts: {},
      completedAt: undefined,
    });
  });

  it("takes severities in whatever case they come", () => {
    expect(answer("ACTIVE", { findingSeverityCounts: { Critical: 3 } as object })).toMatchObject({
      counts: { CRITICAL: 3 },
    });
  });

  // The answer that aws/aws-sdk issue 289 shows, seconds before the findings; and ACTIVE in the same form, aws/aws-cli issue 6759.
  it.each(["COMPLETE", "ACTIVE"])("is in progress while ECR says %s without counts", (status) => {
    expect(answer(status, { findings: [] })).toEqual({ kind: "in-progress" });
    expect(answer(status)).toEqual({ kind: "in-progress" });
  });

  // Findings stand in another field with enhanced scanning (kubescape/kubescape issue 2962).
  it.each([
    { findings: [{ severity: "HIGH" as const }] },
    { enhancedFindings: [{ severity: "HIGH", status: "ACTIVE" }] },
  ])("is in progress while the counts are empty beside findings: %j", (findings) => {
    expect(answer("ACTIVE", { findingSeverityCounts: {}, ...findings })).toEqual({
      kind: "in-progress",
    });
  });

  it.each([
    [
      "counts one page",
      {
        findingSeverityCounts: { HIGH: 1 },
        findings: [{ severity: "HIGH" as const }, { severity: "HIGH" as const }, {}],
      },
      { HIGH: 2, UNDEFINED: 1 },
    ],
    [
      "counts more than is listed",
      {
        findingSeverityCounts: { HIGH: 7 },
        enhancedFindings: [{ severity: "High", status: "ACTIVE" }, { severity: "UNTRIAGED" }],
      },
      { HIGH: 7, UNTRIAGED: 1 },
    ],
  ])("takes whichever is more where ECR %s", (_, scan, counts) => {
    expect(answer("ACTIVE", scan)).toMatchObject({ kind: "complete", counts });
  });

  it.each([
    [
      "basic scanning",
      {
        findings: [
          {
            name: "CVE-2025-1",
            severity: "CRITICAL" as const,
            attributes: [
              { key: "package_version", value: "3.0.1" },
              { key: "package_name", value: "openssl" },
            ],
          },
        ],
      },
      { name: "CVE-2025-1", severity: "CRITICAL", package: "openssl 3.0.1" },
    ],
    [
      "basic scanning without a package",
      { findings: [{ name: "CVE-2025-1", severity: "CRITICAL" as const }] },
      { name: "CVE-2025-1", severity: "CRITICAL" },
    ],
    [
      "enhanced scanning",
      { enhancedFindings: [enhanced({ fixAvailable: "YES" }, { fixedInVersion: "3.0.2" })] },
      { name: "CVE-2025-1", severity: "CRITICAL", package: "openssl 3.0.1", fixedIn: "3.0.2" },
    ],
    [
      "enhanced scanning where nothing mends it",
      { enhancedFindings: [enhanced({ fixAvailable: "NO" }, { fixedInVersion: "NotAvailable" })] },
      { name: "CVE-2025-1", severity: "CRITICAL", package: "openssl 3.0.1", fixedIn: "" },
    ],
    [
      "enhanced scanning of code, which has a title",
      { enhancedFindings: [{ title: "Hard-coded\npassword \u001b[31m", severity: "CRITICAL" }] },
      { name: "Hard-coded password \ufffd[31m", severity: "CRITICAL" },
    ],
    [
      "a long story",
      { findings: [{ name: "x".repeat(500), severity: "CRITICAL" as const }] },
      { name: `${"x".repeat(60)}…`, severity: "CRITICAL" },
    ],
  ])("has examples from %s", (_, scan, example) => {
    expect(answer("COMPLETE", { findingSeverityCounts: { CRITICAL: 1 }, ...scan })).toMatchObject({
      examples: [example],
    });
  });

  it("ignores a finding that was suppressed", () => {
    expect(
      answer("ACTIVE", { findingSeverityCounts: {}, enhancedFindings: [{ status: "SUPPRESSED" }] })
        .kind,
    ).toBe("complete");
  });

  it("is in progress when ECR says nothing", () => {
    expect(scanState({})).toEqual({ kind: "in-progress" });
  });
});
