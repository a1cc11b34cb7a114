import { mediaTypes } from "../oci/media-types.ts";
import type { Manifest } from "./manifest.ts";
import { parentsOf } from "./repository.ts";
import type { Repository, StoredImage } from "./repository.ts";
import type { ScanResult } from "./scan.ts";

/**
 * Says what a scan comes to, for one digest, for what carries a tag (an index: its images), for a
 * repository, or for all.
 */
export interface ScanRule {
  readonly repository?: string;
  readonly digest?: string;
  readonly tag?: string;
  readonly result: ScanResult;
  /** Milliseconds that the scan takes. */
  readonly after?: number;
}

export interface ScanRules {
  add(rule: ScanRule): void;
  /**
   * The latest rule that fits; the same object as long as none better is added, which tells whether
   * a scan is still the right one.
   */
  fitting(repository: Repository, image: StoredImage): ScanRule;
}

export function createScanRules(usual: ScanRule): ScanRules {
  const attestation: ScanRule = { ...usual, result: { kind: "unsupported" } };
  const rules: ScanRule[] = [];
  return {
    add: (rule) => void rules.push(rule),
    fitting(repository, image) {
      const set = rules.findLast((rule) => fits(rule, repository, image));
      return set ?? (isAttestation(image.manifest) ? attestation : usual);
    },
  };
}

function fits(rule: ScanRule, repository: Repository, image: StoredImage): boolean {
  if (rule.repository !== undefined && rule.repository !== repository.name) return false;
  if (rule.digest !== undefined) return rule.digest === image.digest;
  return rule.tag === undefined || carriesTag(repository, image, rule.tag);
}

function carriesTag(repository: Repository, image: StoredImage, tag: string): boolean {
  const tagged = repository.tags.get(tag);
  return (
    tagged === image.digest ||
    parentsOf(repository, image.digest).some((parent) => parent.digest === tagged)
  );
}

/**
 * BuildKit stores provenance as an image whose layers are in-toto statements. Source: BuildKit
 * docs, "Image attestation storage".
 */
function isAttestation(manifest: Manifest): boolean {
  return (
    manifest.kind === "image" &&
    manifest.layers.some((layer) => layer.mediaType === mediaTypes.inToto)
  );
}
