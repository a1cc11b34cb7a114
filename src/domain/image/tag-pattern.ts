import { isTag, type Tag } from "./tag.ts";

/**
 * A tag with exactly one `{version}`, such as `dev-{version}`. Formatting and parsing are inverse:
 * for every version that gives a tag, `versionOf(pattern, tagOf(pattern, version)) === version`.
 */
export interface TagPattern {
  readonly prefix: string;
  readonly suffix: string;
}

const hole = "{version}";
const version = /^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/;

/** undefined when there is not exactly one `{version}` or no tag could ever match. */
export function parseTagPattern(text: string): TagPattern | undefined {
  const [prefix, suffix, ...rest] = text.split(hole);
  if (prefix === undefined || suffix === undefined || rest.length > 0) return undefined;
  return isTag(`${prefix}1${suffix}`) ? { prefix, suffix } : undefined;
}

export function formatTagPattern(pattern: TagPattern): string {
  return `${pattern.prefix}${hole}${pattern.suffix}`;
}

/** The tag of `text` as version; undefined when that is not a valid tag (too long, bad characters). */
export function tagOf(pattern: TagPattern, text: string): Tag | undefined {
  if (!version.test(text)) return undefined;
  const tag = `${pattern.prefix}${text}${pattern.suffix}`;
  return isTag(tag) ? tag : undefined;
}

/** The version that `tag` carries; undefined when it does not match. */
export function versionOf(pattern: TagPattern, tag: string): string | undefined {
  const { prefix, suffix } = pattern;
  if (!isTag(tag) || !tag.startsWith(prefix) || !tag.endsWith(suffix)) return undefined;
  const found = tag.slice(prefix.length, tag.length - suffix.length);
  return tag.length > prefix.length + suffix.length && version.test(found) ? found : undefined;
}
