import { z } from "zod";
import { formatDuration, parseDuration } from "../duration.ts";
import type { MomentFacts, PlatformImage } from "./facts.ts";
import type { Finding, ImageRule } from "./rule.ts";

const severities = ["critical", "high", "medium", "low", "informational", "undefined"] as const;
const count = z.number().int().min(0);

export interface ScanOptions {
  /** How many findings of a severity are tolerated; a severity that is not named is not looked at. */
  readonly critical?: number | undefined;
  readonly high?: number | undefined;
  readonly medium?: number | undefined;
  readonly low?: number | undefined;
  readonly informational?: number | undefined;
  readonly undefined?: number | undefined;
  readonly unscanned: "refuse" | "allow";
  /** Milliseconds after the promotion was opened. */
  readonly wait: number;
}

export const scanIsClean: ImageRule<ScanOptions | undefined> = {
  name: "scan", subject: "image",
  description: "The vulnerability scan of every platform image is finished and within the limits. Absent: findings are not looked at.",
  options: z.strictObject({
    critical: count.optional().describe("Highest number of CRITICAL findings."),
    high: count.optional().describe("Highest number of HIGH findings."),
    medium: count.optional().describe("Highest number of MEDIUM findings."),
    low: count.optional().describe("Highest number of LOW findings."),
    informational: count.optional().describe("Highest number of INFORMATIONAL findings."),
    undefined: count.optional().describe("Highest number of findings without a severity."),
    unscanned: z.enum(["refuse", "allow"]).default("refuse").describe("What becomes of an image that cannot be scanned, or was not by the end of `wait`."),
    wait: z.string().default("30m").transform((text, context) => parseDuration(text) ?? (context.addIssue({ code: "custom", message: "must be a duration such as 30m" }), z.NEVER))
      .describe("How long to wait for a scan to finish."),
  }).optional(),
  facts: ["image", "scan"],
  actions: ["ecr:DescribeImageScanFindings"],
  check({ repository, state }, options, moment) {
    if (!options || state.kind !== "present") return { kind: "pass", reason: "not looked at" };
    return worst(state.images.map((image) => checkImage({ repository, image }, options, moment)));
  },
};

interface Scanned {
  readonly repository: string;
  readonly image: PlatformImage;
}

function checkImage({ repository, image: { platform, scan } }: Scanned, options: ScanOptions, moment: MomentFacts): Finding {
  const name = `${repository} (${platform})`;
  switch (scan.kind) {
    case "complete": return withinLimits(name, scan.counts, options);
    case "failed": return { kind: "refuse", reason: `the scan of ${name} failed: ${scan.reason}; start it again` };
    case "unsupported": return unscanned(`${name} cannot be scanned: ${scan.reason}`, options);
    case "in-progress": return waitFor(`the scan of ${name} is not finished`, options, moment);
    case "absent": return moment.now >= moment.openedAt + options.wait && options.unscanned === "allow"
      ? unscanned(`${name} was not scanned`, options) : waitFor(`${name} is not scanned yet`, options, moment);
    default: return scan satisfies never;
  }
}

function unscanned(reason: string, { unscanned: choice }: ScanOptions): Finding {
  return choice === "allow" ? { kind: "pass", reason: `${reason}; allowed by promoter.yml` } : { kind: "refuse", reason: `${reason}; \`unscanned: allow\` would let it pass` };
}

function waitFor(reason: string, { wait }: ScanOptions, { now, openedAt }: MomentFacts): Finding {
  const deadline = openedAt + wait;
  if (now >= deadline) return { kind: "wait", reason: `${reason} after ${formatDuration(wait)}; is scanning on push switched on?`, until: deadline, deadline };
  return { kind: "wait", reason, until: Math.min(now + 60_000, deadline), deadline };
}

function withinLimits(name: string, counts: Readonly<Record<string, number>>, options: ScanOptions): Finding {
  const over = severities.filter((severity) => (counts[severity.toUpperCase()] ?? 0) > (options[severity] ?? Infinity));
  const told = severities.filter((severity) => counts[severity.toUpperCase()]).map((severity) => `${counts[severity.toUpperCase()]} ${severity.toUpperCase()}`);
  if (over.length === 0) return { kind: "pass", reason: told.length > 0 ? `${name} has ${told.join(", ")}` : `${name} has no findings` };
  const limits = over.map((severity) => `${counts[severity.toUpperCase()]} ${severity.toUpperCase()} (at most ${options[severity]})`);
  return { kind: "refuse", reason: `${name} has ${limits.join(", ")} findings` };
}

function worst(findings: readonly Finding[]): Finding {
  return findings.find(({ kind }) => kind === "refuse") ?? findings.find(({ kind }) => kind === "wait")
    ?? { kind: "pass", reason: findings.map(({ reason }) => reason).join("; ") || "nothing to scan" };
}
