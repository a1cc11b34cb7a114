export const tagMutabilities = [
  "MUTABLE",
  "IMMUTABLE",
  "MUTABLE_WITH_EXCLUSION",
  "IMMUTABLE_WITH_EXCLUSION",
] as const;

export interface TagMutability {
  readonly mode: (typeof tagMutabilities)[number];
  /** Wildcard patterns of the tags for which the opposite of the mode's first word holds. */
  readonly exclusions: readonly string[];
}

export function isImmutableTag(mutability: TagMutability, tag: string): boolean {
  const excluded = mutability.exclusions.some((pattern) => matchesWildcard(pattern, tag));
  return mutability.mode.startsWith("IMMUTABLE") !== excluded;
}

/**
 * `*` stands for any run of characters; filters hold `[0-9a-zA-Z._*-]` only, so the dot alone needs
 * escaping.
 */
function matchesWildcard(pattern: string, tag: string): boolean {
  return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(tag);
}
