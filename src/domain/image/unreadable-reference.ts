import type { Registry } from "../configuration.ts";
import { printable } from "../printable.ts";
import { longestReference } from "./reference.ts";
import { registryHostForm } from "./registry-host.ts";

interface Ours {
  readonly registry: Registry;
  readonly repositories: readonly string[];
}

interface Unreadable {
  /** The member that is meant; undefined: none, as far as can be told. */
  readonly member: string | undefined;
  readonly message: string;
  readonly remedy: string;
}

/** What is wrong with an image that `parseReference` cannot read, and what to write instead. */
export function unreadableReference(text: string, ours: Ours): Unreadable {
  if (text.length > longestReference) return tooLong(text);
  const [why, remedy] = reasons.find(([form]) => form.test(text))?.slice(1) ?? ["it is not a valid reference", "write it as registry/repository:tag"];
  const shown = printable(text.length > longest ? `${text.slice(0, longest)}…` : text);
  const meant = meantMember(text, ours);
  const plain = meant && `write ${meant.host}/${meant.member}, without tag and digest: each promotion adds both`;
  return { member: meant?.member, message: `the image ${JSON.stringify(shown)} cannot be read: ${why}`, remedy: plain ?? String(remedy) };
}

const longest = 200;

function tooLong(text: string): Unreadable {
  const shown = printable(`${text.slice(0, longest)}…`);
  return { member: undefined, message: `the image ${JSON.stringify(shown)} cannot be read: it is longer than any image`, remedy: "write it as registry/repository:tag" };
}

/** What people write by mistake, the first that fits. */
const reasons: readonly (readonly [form: RegExp, why: string, remedy: string])[] = [
  [/^\s|\s$/, "there are blanks around it", "remove them"],
  [/^[a-z][a-z+.-]*:\/\//i, "it begins with a scheme", "remove everything up to ://"],
  [/\$[{(\w]|\{\{|\{\w|<\w|%\w/, "nothing replaces variables in these files", "write the value itself"],
  [/^[^/]*\.(?::\d+)?\//, "its registry ends with a dot", "remove the dot"],
  [/@/, "what follows the @ is not a digest", "write @sha256: and 64 hexadecimal digits in lower case, or a tag alone"],
  [/:$/, "its tag is empty", "write a tag, or remove the colon"],
  [/^(?:[^/]*[.:][^/]*\/)?[^:]*[A-Z]/, "a repository has no upper-case letters", "write them in lower case"],
];

/** Of a member the name alone is enough, whatever is wrong with it. */
function meantMember(text: string, { registry, repositories }: Ours): { readonly host: string; readonly member: string } | undefined {
  const form = new RegExp(`^\\s*(?:[a-z]+://)?(${registryHostForm(registry)})/+([\\w./-]*?)/*\\s*(?:[:@{$<%].*)?$`, "i");
  const [, host = "", path = ""] = form.exec(text) ?? [];
  const member = repositories.find((repository) => repository === path.toLowerCase());
  return member === undefined ? undefined : { host: host.toLowerCase().replace(/\.(?=:\d+$|$)/, ""), member };
}
