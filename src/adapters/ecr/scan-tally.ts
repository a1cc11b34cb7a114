import type {
  EnhancedImageScanFinding,
  ImageScanFinding,
  ImageScanFindings,
} from "@aws-sdk/client-ecr";
import { cutOff } from "../../domain/bounded.ts";
import { printable } from "../../domain/printable.ts";
import type { Vulnerability } from "../../domain/rules/facts.ts";

/** What the pages of a report say together. */
export interface ScanTally {
  /** Findings that are listed, by upper-case severity. */
  readonly listed: Readonly<Record<string, number>>;
  /**
   * What ECR counts; undefined where it does not. Whether that is all pages or one is documented
   * nowhere.
   */
  readonly reported: Readonly<Record<string, number>> | undefined;
  /** A few of each severity. */
  readonly examples: readonly Vulnerability[];
}

const examplesOfEach = 3;

export function tallyOf(scan: ImageScanFindings): ScanTally {
  const found = [
    ...(scan.findings ?? []).map(fromBasic),
    ...(scan.enhancedFindings ?? []).filter(isOpen).map(fromEnhanced),
  ];
  const bySeverity = Object.groupBy(found, ({ severity }) => severity);
  const reported =
    scan.findingSeverityCounts &&
    Object.entries(scan.findingSeverityCounts).map(
      ([severity, count]) => [severity.toUpperCase(), count] as const,
    );
  return {
    listed: Object.fromEntries(
      Object.entries(bySeverity).map(([severity, findings = []]) => [severity, findings.length]),
    ),
    reported: reported && Object.fromEntries(reported),
    examples: Object.values(bySeverity).flatMap((findings = []) =>
      findings.slice(0, examplesOfEach),
    ),
  };
}

export function mergeTallies(one: ScanTally, other: ScanTally): ScanTally {
  const examples = Object.groupBy([...one.examples, ...other.examples], ({ severity }) => severity);
  return {
    listed: combineCounts(one.listed, other.listed, (a, b) => a + b),
    reported:
      one.reported && other.reported
        ? combineCounts(one.reported, other.reported, Math.max)
        : (one.reported ?? other.reported),
    examples: Object.values(examples).flatMap((findings = []) => findings.slice(0, examplesOfEach)),
  };
}

/** Whichever is more: a count that covers one page alone would let the rest pass. */
export function countsOf({ listed, reported = {} }: ScanTally): Readonly<Record<string, number>> {
  return combineCounts(listed, reported, Math.max);
}

type Counts = Readonly<Record<string, number>>;

function combineCounts(one: Counts, other: Counts, by: (a: number, b: number) => number): Counts {
  const severities = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    severities.map((severity) => [severity, by(one[severity] ?? 0, other[severity] ?? 0)]),
  );
}

/** Suppressed and closed findings of Inspector are not counted. */
function isOpen({ status }: EnhancedImageScanFinding): boolean {
  return status === undefined || status === "ACTIVE";
}

/**
 * The package stands in attributes; basic scanning does not say which version fixes it (AWS CLI
 * reference, describe-image-scan-findings).
 */
function fromBasic({ name, severity, attributes = [] }: ImageScanFinding): Vulnerability {
  const attribute = (key: string): string | undefined =>
    attributes.find((one) => one.key === key)?.value;
  return {
    name: printableText(name),
    severity: severityOf(severity),
    ...packageOf(attribute("package_name"), attribute("package_version")),
  };
}

function fromEnhanced({
  severity,
  title,
  fixAvailable,
  packageVulnerabilityDetails: details,
}: EnhancedImageScanFinding): Vulnerability {
  const [vulnerable] = details?.vulnerablePackages ?? [];
  const fixed = fixAvailable === "NO" ? "" : vulnerable?.fixedInVersion;
  return {
    name: printableText(details?.vulnerabilityId ?? title),
    severity: severityOf(severity),
    ...packageOf(vulnerable?.name, vulnerable?.version),
    ...(fixed !== undefined && { fixedIn: fixed && printableText(fixed) }),
  };
}

function packageOf(
  name: string | undefined,
  version: string | undefined,
): Pick<Vulnerability, "package"> {
  return name === undefined
    ? {}
    : {
        package: [name, version]
          .filter((part) => part !== undefined)
          .map(printableText)
          .join(" "),
      };
}

/** A finding without a severity counts as ECR's UNDEFINED. */
function severityOf(severity: string | undefined): string {
  return (severity ?? "UNDEFINED").toUpperCase();
}

/** In characters, the ellipsis among them. */
const maxLength = 61;

function printableText(text = "a finding without a name"): string {
  return printable(cutOff(text, maxLength)).replaceAll(/\s+/g, " ");
}
