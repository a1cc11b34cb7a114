import * as z from "zod";
import { findingsOf, type ScanFinding, type ScanResult } from "../ecr/scan.ts";

const text = z.string().min(1).max(200);
const count = z.number().int().min(0).max(10_000).default(0);

/** One finding by name; the rest of the counts is made up. */
const finding = z.strictObject({
  name: text,
  severity: z.enum(["critical", "high"]).default("critical"),
  package: text.optional(),
  version: text.default("1.0.0"),
  fixedIn: text.optional(),
});

export const scanFault = z.strictObject({
  kind: z.literal("scan"),
  repository: z.string(),
  critical: count,
  high: count,
  findings: z.array(finding).max(100).optional(),
});

type InjectedFinding = z.output<typeof finding>;

/** Named findings come first and count, too: there are never fewer than those. */
export function scanResultOf({
  critical,
  high,
  findings = [],
}: z.output<typeof scanFault>): Extract<ScanResult, { kind: "complete" }> {
  const named = findings.map(scanFinding);
  const amount = (severity: ScanFinding["severity"]): number =>
    named.filter((one) => one.severity === severity).length;
  const counts = {
    CRITICAL: Math.max(critical, amount("CRITICAL")),
    HIGH: Math.max(high, amount("HIGH")),
  };
  const invented = findingsOf({
    kind: "complete",
    counts: { CRITICAL: counts.CRITICAL - amount("CRITICAL"), HIGH: counts.HIGH - amount("HIGH") },
  });
  return { kind: "complete", counts, findings: [...named, ...invented] };
}

function scanFinding({
  name,
  severity,
  package: found,
  version,
  fixedIn,
}: InjectedFinding): ScanFinding {
  const where =
    found === undefined
      ? {}
      : { package: { name: found, version, ...(fixedIn === undefined ? {} : { fixedIn }) } };
  return { name, severity: severity === "critical" ? "CRITICAL" : "HIGH", ...where };
}
