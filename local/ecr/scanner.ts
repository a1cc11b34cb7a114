import { mediaTypes } from "../oci/media-types.ts";
import type { CloudContext, CloudEvent } from "../service.ts";
import { basicScanEvent, inspectorScanEvent } from "./events.ts";
import type { Manifest } from "./manifest.ts";
import { tagsOf } from "./repository.ts";
import type { Repository, StoredImage } from "./repository.ts";
import { createScanRules } from "./scan-rules.ts";
import type { ScanRule } from "./scan-rules.ts";
import { countsOf, findingsOf } from "./scan.ts";
import type { CompletedScan, Scan, ScanResult, ScanType } from "./scan.ts";
import { scanningOf, type ScanningConfiguration } from "./scanning-configuration.ts";
import type { Storage } from "./storage.ts";

export interface ScannerOptions {
  readonly type: ScanType;
  readonly outcome?: ScanResult;
  readonly after?: number;
}

export interface Scanner {
  readonly configuration: ScanningConfiguration;
  /** Another type starts afresh; enhanced scanning takes up what is there already. */
  configure(configuration: ScanningConfiguration): void;
  /** The latest rule that fits wins; images that it changes are scanned afresh. */
  set(rule: ScanRule): void;
  /** After a push: scans what is scanned on push and not yet scanned under the rule that fits now. */
  consider(repository: Repository, image: StoredImage): void;
  scanOf(repository: Repository, digest: string): Scan | undefined;
  forget(repository: Repository, digest: string): void;
  close(): void;
}

interface Entry {
  readonly rule: ScanRule;
  readonly cancel: () => void;
  scan: Scan;
}

/**
 * Milliseconds; short, so that a person who watches is not kept waiting. The real thing takes
 * seconds to minutes.
 */
const usualDuration = 100;

export function createScanner(
  context: CloudContext,
  storage: Storage,
  options: ScannerOptions,
): Scanner {
  const entries = new Map<string, Entry>();
  const after = options.after ?? usualDuration;
  let configuration: ScanningConfiguration = { type: options.type, rules: undefined };
  const rules = createScanRules({
    result: options.outcome ?? { kind: "complete", counts: {} },
    after,
  });

  const finish = (repository: Repository, image: StoredImage, initial: boolean): void => {
    const entry = entries.get(key(repository, image.digest));
    if (!entry) return;
    entry.scan = { ...entry.scan, completedAt: context.clock.now() };
    announce(
      { context, type: configuration.type, repository: repository.name, initial },
      completedScan(repository, image, entry.scan.result),
    );
  };

  const begin = (repository: Repository, image: StoredImage): void => {
    const previous = entries.get(key(repository, image.digest));
    previous?.cancel();
    const rule = rules.fitting(repository, image);
    const now = context.clock.now();
    const initial = previous?.scan.completedAt === undefined;
    const result = previous || isEligible(image, configuration, now) ? rule.result : expired;
    const cancel = ends(result)
      ? context.clock.at(now + (rule.after ?? after), () => finish(repository, image, initial))
      : () => {};
    entries.set(key(repository, image.digest), {
      rule,
      cancel,
      scan: { startedAt: now, result, completedAt: undefined },
    });
  };

  const forgetAll = (): void => {
    for (const entry of entries.values()) entry.cancel();
    entries.clear();
  };

  const considerAll = (): void => {
    for (const repository of storage.all()) {
      for (const image of repository.images.values()) scanner.consider(repository, image);
    }
  };

  const scanner: Scanner = {
    get configuration() {
      return configuration;
    },
    configure(next) {
      if (next.type !== configuration.type) forgetAll();
      configuration = next;
      if (next.type === "ENHANCED") considerAll();
    },
    set(rule) {
      rules.add(rule);
      considerAll();
    },
    consider(repository, image) {
      for (const child of childrenOf(repository, image)) scanner.consider(repository, child);
      if (
        !isScannable(image.manifest) ||
        scanningOf(configuration, repository).frequency === "MANUAL"
      ) {
        return;
      }
      const entry = entries.get(key(repository, image.digest));
      if (entry?.rule !== rules.fitting(repository, image)) begin(repository, image);
    },
    scanOf: (repository, digest) => visible(entries.get(key(repository, digest))?.scan),
    forget(repository, digest) {
      entries.get(key(repository, digest))?.cancel();
      entries.delete(key(repository, digest));
    },
    close: forgetAll,
  };
  return scanner;
}

/**
 * Only images with a container configuration are scanned; neither an index nor a chart, signature
 * or SBOM is.
 */
export function isScannable(manifest: Manifest): boolean {
  if (manifest.kind === "index" || manifest.subject) return false;
  return (
    manifest.config.mediaType === mediaTypes.ociConfig ||
    manifest.config.mediaType === mediaTypes.dockerConfig
  );
}

const fourteenDays = 14 * 24 * 60 * 60 * 1000;
const expired: ScanResult = { kind: "expired" };

/**
 * When enhanced scanning is turned on, it takes up what was pushed within the last 14 days (ECR
 * user guide, "Enhanced scanning").
 */
function isEligible(
  { pushedAt }: StoredImage,
  { type }: ScanningConfiguration,
  now: number,
): boolean {
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

function childrenOf(repository: Repository, image: StoredImage): readonly StoredImage[] {
  if (image.manifest.kind === "image") return [];
  return image.manifest.children.flatMap((child) => repository.images.get(child.digest) ?? []);
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
  readonly context: CloudContext;
  readonly type: ScanType;
  readonly repository: string;
  readonly initial: boolean;
}

function announce(about: Announcement, scan: CompletedScan): void {
  const { account, region } = about.context;
  const emit = (event: CloudEvent): void => about.context.emit(event);
  const place = { account, region, repository: about.repository };
  if (about.type === "BASIC") return emit(basicScanEvent(place, scan));
  if (scan.result.kind !== "complete") return;
  // Inspector announces the first scan only; what comes later arrives as findings, of which nothing of ours hears.
  if (about.initial) emit(inspectorScanEvent(place, scan));
}
