import type { KubernetesSchemas, MinorSchemas } from "@promoter/kubernetes-schemas";
import type { Definitions } from "./definitions.ts";

/** By what objects are judged. */
export interface Judging {
  readonly schemas: MinorSchemas;
  /** All minors that are known, to say since when something exists. */
  readonly all: KubernetesSchemas;
  /**
   * The cluster is newer than all of them: what is unknown to us may be known to it, so that it is
   * left to the server.
   */
  readonly newer: string | undefined;
  /** Of custom resources; others are not judged. */
  readonly definitions: Definitions;
}

/**
 * By the minor `1.36`, or the newest known where it is newer or not given; the oldest known where
 * it is older.
 */
export function judgingBy(all: KubernetesSchemas, minor?: string): Judging {
  const [oldest = "", newest = ""] = [all.minors[0], all.minors.at(-1)];
  const isNewer = minor === "unknown" || (minor !== undefined && compareMinors(minor, newest) > 0);
  const isOlder = minor !== undefined && compareMinors(minor, oldest) < 0;
  const chosen = minor === undefined || isNewer ? newest : isOlder ? oldest : minor;
  const schemas = all.of(chosen);
  if (!schemas) throw new Error(`no schemas of Kubernetes ${chosen}`);
  return { schemas, all, newer: isNewer ? minor : undefined, definitions: [] };
}

function compareMinors(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major - otherMajor || minor - otherMinor;
}
