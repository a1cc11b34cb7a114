import * as z from "zod";
import { formatDuration } from "../duration.ts";
import { formatTime } from "../format-time.ts";
import { maxWaits } from "../max-waits.ts";
import { memberName } from "../release.ts";
import { durationOption } from "./duration-option.ts";
import type { MomentFacts, PlatformImage, ScanState, Vulnerability } from "./facts.ts";
import type { RuleResult, ImageRule } from "./rule.ts";

/** ECR's FindingSeverity, and Inspector's UNTRIAGED. */
const severities = [
  "critical",
  "high",
  "medium",
  "low",
  "informational",
  "undefined",
  "untriaged",
] as const;

const count = z.int().min(0);
const description =
  "The vulnerability scan of every platform image is finished and within the limits. " +
  "Absent: findings are ignored.";

const limits = z.strictObject({
  critical: count.default(0).describe("Maximum number of CRITICAL findings."),
  high: count.default(0).describe("Maximum number of HIGH findings."),
  medium: count
    .optional()
    .describe("Maximum number of MEDIUM findings. Absent, here and below: any number."),
  low: count.optional().describe("Maximum number of LOW findings."),
  informational: count.optional().describe("Maximum number of INFORMATIONAL findings."),
  undefined: count.optional().describe("Maximum number of findings without a severity."),
  untriaged: count
    .optional()
    .describe("Maximum number of findings that Amazon Inspector has not rated yet."),
  unscanned: z
    .enum(["refuse", "wait", "allow"])
    .default("refuse")
    .describe(
      "What happens to an image without a scan after `wait`: refuse it, let the promotion expire " +
        "(so that a later push may try again), or allow it. " +
        "An image that cannot be scanned at all is refused at once, unless this is allow.",
    ),
  wait: durationOption(maxWaits.scan)
    .prefault("30m")
    .describe("How long after the start of the promotion a scan may take to begin and to finish."),
});

type ScanOptions = z.output<typeof limits>;

export const scanIsClean = {
  name: "scan",
  subject: "image",
  description,
  options: limits.optional(),
  isOn: (options: ScanOptions | undefined) => options !== undefined,
  facts: ["scan"],
  check({ state, ...facts }, options, moment) {
    const member = memberName(facts);
    if (!options) return { kind: "pass", reason: `${member}: findings are ignored` };
    const images = state.kind === "present" ? state.images : [];
    const worst = worstResult(
      member,
      images.map((image) => ({
        platform: image.platform,
        result: checkImage(image, options, moment),
      })),
    );
    return images.some((image) => isOverLimits(image, options))
      ? { kind: "refuse", reason: `${worst.reason}; ${remedy}` }
      : worst;
  },
} as const satisfies ImageRule<ScanOptions | undefined>;

const remedy =
  "push an image without them under a new version, or raise the limits in promoter.yml";

function isOverLimits({ scan }: PlatformImage, options: ScanOptions): boolean {
  return scan.kind === "complete" && withinLimits(scan, options).kind === "refuse";
}

function checkImage(
  { scan }: PlatformImage,
  options: ScanOptions,
  moment: MomentFacts,
): RuleResult {
  switch (scan.kind) {
    case "complete":
      return withinLimits(scan, options);
    case "failed":
      return { kind: "refuse", reason: `its scan failed (${scan.reason}); start it again` };
    case "in-progress":
      return waitForScan("its scan is not finished", options, moment);
    case "unsupported":
      return unscannedResult(`it cannot be scanned (${scan.reason})`, options);
    case "absent":
      return absentScan(options, moment);
    default:
      return scan satisfies never;
  }
}

/** A scan on push begins seconds after the push, so an absent one is waited for before it counts. */
function absentScan(options: ScanOptions, moment: MomentFacts): RuleResult {
  if (moment.now < moment.openedAt + options.wait || options.unscanned === "wait") {
    return waitForScan("it is not scanned yet", options, moment);
  }
  return unscannedResult(
    `it was not scanned within ${formatDuration(options.wait)}; is scan on push enabled`,
    options,
  );
}

function unscannedResult(reason: string, options: ScanOptions): RuleResult {
  if (options.unscanned === "allow") {
    return { kind: "pass", reason: `${reason}; \`unscanned: allow\` lets it pass` };
  }
  return { kind: "refuse", reason: `${reason}; only \`unscanned: allow\` would let it pass` };
}

/**
 * The event of a finished scan wakes us; because events get lost, it is also polled at growing
 * intervals, 15 s to 15 min.
 */
function waitForScan(
  reason: string,
  { wait }: ScanOptions,
  { now, openedAt }: MomentFacts,
): RuleResult {
  const deadline = openedAt + wait;
  const pause = Math.min(Math.max(now - openedAt, 15_000), 15 * 60_000);
  const time = `${now < deadline ? "it has" : "it had"} ${formatDuration(wait)}`;
  return {
    kind: "wait",
    reason: `${reason}; ${time} from the start of the promotion, until ${formatTime(deadline)}`,
    until: Math.min(now + pause, deadline),
    deadline,
  };
}

function withinLimits(
  scan: Extract<ScanState, { kind: "complete" }>,
  options: ScanOptions,
): RuleResult {
  const counts = new Map(
    Object.entries(scan.counts).map(([severity, amount]) => [severity.toLowerCase(), amount]),
  );
  const present = severities.filter((severity) => (counts.get(severity) ?? 0) > 0);
  const over = present.filter(
    (severity) => (counts.get(severity) ?? 0) > (options[severity] ?? Infinity),
  );
  const tell = (severity: (typeof severities)[number]): string =>
    `${counts.get(severity)} ${severity.toUpperCase()}`;
  if (over.length === 0) {
    return { kind: "pass", reason: `it has ${present.map(tell).join(", ") || "no findings"}` };
  }
  const limitsPassed = over
    .map((severity) => `${tell(severity)} (at most ${options[severity]})`)
    .join(", ");
  const total = over.reduce((sum, severity) => sum + (counts.get(severity) ?? 0), 0);
  return {
    kind: "refuse",
    reason: `it has ${limitsPassed}${namedWorst(
      over.flatMap((severity) => ofSeverity(scan.examples ?? [], severity)),
      total,
    )}`,
  };
}

const maxNamed = 3;

function ofSeverity(
  examples: readonly Vulnerability[],
  severity: string,
): readonly Vulnerability[] {
  return examples.filter((example) => example.severity.toLowerCase() === severity);
}

/** People fix packages, not numbers; the worst come first. */
function namedWorst(findings: readonly Vulnerability[], total: number): string {
  const named = findings.slice(0, maxNamed).map(nameOf);
  if (named.length === 0) return "";
  return `: ${named.join(", ")}${total > named.length ? ` and ${total - named.length} more` : ""}`;
}

function nameOf({ name, severity, package: where, fixedIn }: Vulnerability): string {
  const fix = fixedIn === "" ? ", no fix yet" : fixedIn && `, fixed in ${fixedIn}`;
  return `${name}${where ? ` in ${where}` : ""} (${severity}${fix ?? ""})`;
}

interface PlatformResult {
  readonly platform: string;
  readonly result: RuleResult;
}

const maxImages = 8;

/**
 * One platform refused refuses the image, else one that waits lets it wait; the reason names all
 * platforms that decided.
 */
function worstResult(member: string, results: readonly PlatformResult[]): RuleResult {
  const kind =
    (["refuse", "wait"] as const).find((worse) =>
      results.some(({ result }) => result.kind === worse),
    ) ?? "pass";
  const decisive = results.filter(({ result }) => result.kind === kind);
  const told = decisive
    .slice(0, maxImages)
    .map(
      ({ platform, result }) => `${member} (${platform || "unknown platform"}): ${result.reason}`,
    );
  const reason = [
    ...told,
    ...(decisive.length > told.length
      ? [`likewise ${decisive.length - told.length} more of its images`]
      : []),
  ].join("; ");
  const waits = decisive.flatMap(({ result }) => (result.kind === "wait" ? [result] : []));
  if (kind !== "wait") return { kind, reason };
  return {
    kind,
    reason,
    until: Math.min(...waits.map(({ until }) => until)),
    deadline: Math.min(...waits.map(({ deadline }) => deadline)),
  };
}
