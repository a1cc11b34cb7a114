import type { CloudContext, CloudEvent } from "../service.ts";
import { basicScanEvent, inspectorScanEvent } from "./events.ts";
import { type StoredImage, tagsOf, type Repository } from "./repository.ts";
import type { ScanRule } from "./scan-rules.ts";
import {
  type CompletedScan,
  type ScanResult,
  findingsOf,
  type Scan,
  type ScanType,
  countsOf,
} from "./scan.ts";

interface Entry {
  readonly rule: ScanRule;
  readonly cancel: () => void;
  scan: Scan;
}

/** The scans of a registry, from their start to the announcement of their result. */
export interface ScanBook {
  begin(
    repository: Repository,
    image: StoredImage,
    how: {
      readonly rule: ScanRule;
      readonly type: ScanType;
      /** Milliseconds until it ends, unless the rule says otherwise. */
      readonly after: number;
    },
  ): void;
  ruleOf(repository: Repository, digest: string): ScanRule | undefined;
  scanOf(repository: Repository, digest: string): Scan | undefined;
  forget(repository: Repository, digest: string): void;
  forgetAll(): void;
}

export function createScanBook(context: CloudContext): ScanBook {
  const entries = new Map<string, Entry>();
  const finish = (repository: Repository, image: StoredImage, about: Announcement): void => {
    const entry = entries.get(key(repository, image.digest));
    if (!entry) return;
    entry.scan = { ...entry.scan, completedAt: context.clock.now() };
    announce(context, about, completedScan(repository, image, entry.scan.result));
  };
  return {
    begin(repository, image, { rule, type, after }) {
      const previous = entries.get(key(repository, image.digest));
      previous?.cancel();
      const now = context.clock.now();
      const isInitial = previous?.scan.completedAt === undefined;
      const result = previous || isEligible(image, type, now) ? rule.result : expired;
      const cancel = ends(result)
        ? context.clock.at(now + (rule.after ?? after), () =>
            finish(repository, image, { type, repository: repository.name, isInitial }),
          )
        : () => {};
      const scan = { startedAt: now, result, completedAt: undefined };
      entries.set(key(repository, image.digest), { rule, cancel, scan });
    },
    ruleOf: (repository, digest) => entries.get(key(repository, digest))?.rule,
    scanOf: (repository, digest) => visible(entries.get(key(repository, digest))?.scan),
    forget(repository, digest) {
      entries.get(key(repository, digest))?.cancel();
      entries.delete(key(repository, digest));
    },
    forgetAll() {
      for (const entry of entries.values()) entry.cancel();
      entries.clear();
    },
  };
}

const fourteenDays = 14 * 24 * 60 * 60 * 1000;
const expired: ScanResult = { kind: "expired" };

/**
 * When enhanced scanning is turned on, it takes up what was pushed within the last 14 days (ECR
 * user guide, "Enhanced scanning").
 */
function isEligible({ pushedAt }: StoredImage, type: ScanType, now: number): boolean {
  return type === "BASIC" || now - pushedAt <= fourteenDays;
}

function key(repository: Repository, digest: string): string {
  return `${repository.name}@${digest}`;
}

function visible(scan: Scan | undefined): Scan | undefined {
  return scan?.result.kind === "absent" ? undefined : scan;
}

function ends(result: ScanResult): boolean {
  return result.kind !== "never" && result.kind !== "absent";
}

function completedScan(
  repository: Repository,
  image: StoredImage,
  result: ScanResult,
): CompletedScan {
  const tags = tagsOf(repository, image.digest);
  return {
    digest: image.digest,
    tags,
    result,
    counts: countsOf(result),
    findings: findingsOf(result),
  };
}

interface Announcement {
  readonly type: ScanType;
  readonly repository: string;
  readonly isInitial: boolean;
}

function announce(context: CloudContext, about: Announcement, scan: CompletedScan): void {
  const { account, region } = context;
  const emit = (event: CloudEvent): void => context.emit(event);
  const place = { account, region, repository: about.repository };
  if (about.type === "BASIC") return emit(basicScanEvent(place, scan));
  if (scan.result.kind !== "complete") return;
  // Inspector announces the first scan only; later findings are events that nothing here reads.
  if (about.isInitial) emit(inspectorScanEvent(place, scan));
}
