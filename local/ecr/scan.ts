const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"] as const;
type Severity = (typeof severities)[number];
export type SeverityCounts = Readonly<Partial<Record<Severity, number>>>;

export interface ScanFinding {
  readonly name: string;
  readonly severity: Severity;
  readonly description?: string;
  readonly uri?: string;
  readonly package?: { readonly name: string; readonly version: string; readonly fixedIn?: string };
}

/** What scanning an image will come to. */
export type ScanResult =
  | {
      readonly kind: "complete";
      readonly counts: SeverityCounts;
      readonly findings?: readonly ScanFinding[];
    }
  | { readonly kind: "failed" }
  | { readonly kind: "unsupported" }
  /** The scan goes on for ever. */
  | { readonly kind: "never" }
  /** Nobody ever scanned it: ScanNotFoundException. */
  | { readonly kind: "absent" }
  | { readonly kind: "expired" }
  | { readonly kind: "unavailable" };

export interface Scan {
  readonly startedAt: number;
  readonly result: ScanResult;
  readonly completedAt: number | undefined;
}

export interface CompletedScan {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly result: ScanResult;
  readonly counts: SeverityCounts;
  readonly findings: readonly ScanFinding[];
}

export type ScanType = "BASIC" | "ENHANCED";

export interface ScanStatus {
  readonly status: string;
  readonly description?: string;
}

/**
 * Basic scanning ends in COMPLETE, FAILED or UNSUPPORTED_IMAGE; continuous enhanced scanning waits
 * as PENDING and then stays ACTIVE. Sources of the descriptions: aws/aws-cli issue 6759,
 * aws/aws-sdk issue 289.
 */
export function scanStatus(type: ScanType, scan: Scan): ScanStatus {
  if (scan.completedAt === undefined) {
    return { status: type === "BASIC" ? "IN_PROGRESS" : "PENDING" };
  }
  return endings[type][scan.result.kind];
}

export function countsOf(result: ScanResult): SeverityCounts {
  return result.kind === "complete" ? result.counts : {};
}

/** Where a test gives counts only, findings are made up to match, so that both always agree. */
export function findingsOf(result: ScanResult): readonly ScanFinding[] {
  if (result.kind !== "complete") return [];
  return (
    result.findings ??
    severities.flatMap((severity) => inventedFindings(severity, result.counts[severity] ?? 0))
  );
}

type Endings = Readonly<Record<ScanResult["kind"], ScanStatus>>;

const basicEndings: Endings = {
  complete: { status: "COMPLETE", description: "The scan was completed successfully." },
  failed: { status: "FAILED", description: "The scan failed." },
  unsupported: {
    status: "UNSUPPORTED_IMAGE",
    description:
      "UnsupportedImageError: The operating system and/or package manager are not supported.",
  },
  never: { status: "IN_PROGRESS" },
  absent: { status: "PENDING" },
  expired: { status: "SCAN_ELIGIBILITY_EXPIRED" },
  unavailable: { status: "FINDINGS_UNAVAILABLE" },
};

const endings: Readonly<Record<ScanType, Endings>> = {
  BASIC: basicEndings,
  ENHANCED: {
    ...basicEndings,
    complete: { status: "ACTIVE", description: "Continuous scan is selected for image." },
    never: { status: "PENDING" },
  },
};

function inventedFindings(severity: Severity, count: number): readonly ScanFinding[] {
  return Array.from({ length: count }, (_, at) => {
    const name = `CVE-2025-${severities.indexOf(severity) + 1}${String(at).padStart(4, "0")}`;
    return {
      name,
      severity,
      uri: `https://cve.mitre.org/cgi-bin/cvename.cgi?name=${name}`,
      package: { name: "libexample", version: "1.0.0", fixedIn: "1.0.1" },
    };
  });
}
