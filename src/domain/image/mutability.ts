import type { Tag } from "./tag.ts";

/** Which tags of a repository may be moved, with the exclusion filters of ECR. */
export interface Mutability {
  readonly mode: "MUTABLE" | "IMMUTABLE" | "MUTABLE_WITH_EXCLUSION" | "IMMUTABLE_WITH_EXCLUSION";
  /** Wildcards (`*`) of the tags that are treated the other way round. */
  readonly exclusions: readonly string[];
}

/**
 * Whether a tag that exists may be pointed at another digest (ECR user guide,
 * image-tag-mutability).
 */
export function isWritable({ mode, exclusions }: Mutability, tag: Tag): boolean {
  const excluded = exclusions.some((filter) => wildcard(filter).test(tag));
  if (mode === "MUTABLE" || mode === "IMMUTABLE") return mode === "MUTABLE";
  return mode === "MUTABLE_WITH_EXCLUSION" ? !excluded : excluded;
}

function wildcard(filter: string): RegExp {
  return new RegExp(
    `^${filter
      .split("*")
      .map((part) => RegExp.escape(part))
      .join(".*")}$`,
  );
}
