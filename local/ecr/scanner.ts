import { mediaTypes } from "../oci/media-types.ts";
import type { CloudContext } from "../service.ts";
import type { Manifest } from "./manifest.ts";
import type { Repository, StoredImage } from "./repository.ts";
import { createScanBook } from "./scan-book.ts";
import { createScanRules } from "./scan-rules.ts";
import type { ScanRule } from "./scan-rules.ts";
import type { Scan, ScanResult, ScanType } from "./scan.ts";
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
  const scans = createScanBook(context);
  const after = options.after ?? usualDuration;
  let configuration: ScanningConfiguration = { type: options.type, rules: undefined };
  const rules = createScanRules({
    result: options.outcome ?? { kind: "complete", counts: {} },
    after,
  });

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
      if (next.type !== configuration.type) scans.forgetAll();
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
      const rule = rules.fitting(repository, image);
      if (scans.ruleOf(repository, image.digest) !== rule) {
        scans.begin(repository, image, { rule, type: configuration.type, after });
      }
    },
    scanOf: (repository, digest) => scans.scanOf(repository, digest),
    forget: (repository, digest) => scans.forget(repository, digest),
    close: () => scans.forgetAll(),
  };
  return scanner;
}

/**
 * Only images with a container configuration are scanned; neither an index nor a chart, signature
 * or SBOM is.
 */
function isScannable(manifest: Manifest): boolean {
  if (manifest.kind === "index" || manifest.subject) return false;
  return (
    manifest.config.mediaType === mediaTypes.ociConfig ||
    manifest.config.mediaType === mediaTypes.dockerConfig
  );
}

function childrenOf(repository: Repository, image: StoredImage): readonly StoredImage[] {
  if (image.manifest.kind === "image") return [];
  return image.manifest.children.flatMap((child) => repository.images.get(child.digest) ?? []);
}
