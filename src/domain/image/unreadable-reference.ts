import { cutOff } from "../bounded.ts";
import type { Registry } from "../configuration.ts";
import { printable } from "../printable.ts";
import { maxReferenceLength } from "./reference.ts";
import { registryHostForm } from "./registry-host.ts";

interface KnownImages {
  readonly registry: Registry;
  readonly repositories: readonly string[];
}

/**
 * What is wrong with an image that `parseReference` cannot read, and what to write instead.
 * `member`: the one that is meant; undefined: none that can be recognised.
 */
export function unreadableReference(
  text: string,
  known: KnownImages,
): { readonly member: string | undefined; readonly message: string; readonly remedy: string } {
  if (text.length > maxReferenceLength) {
    return {
      member: undefined,
      message: unreadableMessage(text, "it is longer than any image"),
      remedy: form,
    };
  }
  const [, why = "it is not a valid reference", remedy = form] =
    reasons.find(([mistake]) => mistake.test(text)) ?? [];
  const meant = meantMember(text, known);
  const plain =
    meant &&
    `write ${meant.host}/${meant.member}, without tag and digest: each promotion adds both`;
  return { member: meant?.member, message: unreadableMessage(text, why), remedy: plain ?? remedy };
}

const form = "write it as registry/repository:tag";
const maxLength = 200;

function unreadableMessage(text: string, why: string): string {
  return `the image ${JSON.stringify(printable(cutOff(text, maxLength + 1)))} cannot be read: ${why}`;
}

/** What people write by mistake, the first that fits. */
const reasons: readonly (readonly [mistake: RegExp, why: string, remedy: string])[] = [
  [/^\s|\s$/, "it has surrounding spaces", "remove them"],
  [/^[a-z][a-z+.-]*:\/\//i, "it begins with a scheme", "remove everything up to ://"],
  [
    /\$[{(\w]|\{\{|\{\w|<\w|%\w/,
    "variables are not substituted in these files",
    "write the value itself",
  ],
  [/^[^/]*\.(?::\d+)?\//, "its registry ends with a dot", "remove the dot"],
  [
    /@/,
    "what follows the @ is not a digest",
    "write @sha256: and 64 hexadecimal digits in lower case, or only a tag",
  ],
  [/:$/, "its tag is empty", "write a tag, or remove the colon"],
  [
    /^(?:[^/]*[.:][^/]*\/)?[^:]*[A-Z]/,
    "a repository has no upper-case letters",
    "write them in lower case",
  ],
];

/** Of a member the name alone is enough, whatever is wrong with it. */
function meantMember(
  text: string,
  { registry, repositories }: KnownImages,
): { readonly host: string; readonly member: string } | undefined {
  const ours = new RegExp(
    `^\\s*(?:[a-z]+://)?(${registryHostForm(registry)})/+([\\w./-]*?)/*\\s*(?:[:@{$<%].*)?$`,
    "i",
  );
  const [, host = "", path = ""] = ours.exec(text) ?? [];
  const member = repositories.find((repository) => repository === path.toLowerCase());
  return member === undefined
    ? undefined
    : { host: host.toLowerCase().replace(/\.(?=:\d+$|$)/, ""), member };
}
