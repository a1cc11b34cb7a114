import type { Registry } from "../configuration.ts";
import { composedHostForm, isHostOf } from "./registry-host.ts";

/** An image of the registry that a text names somewhere, with a tag, a digest or both. */
export interface FoundReference {
  /** As it stands in the text. */
  readonly text: string;
  /** `text` without tag and digest. */
  readonly name: string;
  /** The repository; of one that is composed as much as can be read. */
  readonly path: string;
  /**
   * `composed`: a variable or an escape stands in it, so that only the reader of the text knows
   * what it will be. `address`: where the registry serves a manifest or a blob; a pinned name means
   * nothing there.
   */
  readonly kind: "plain" | "composed" | "address";
}

/**
 * `$TAG`, `${TAG}`, `$(TAG)`, `{{ .Values.tag }}`, `{version}`, `<tag>`, `%TAG%`, `%s`; then less
 * common forms.
 */
const variable = [
  String.raw`\$\{\{[^{}]*\}\}|\$\{[^{}\n]*\}|\$\([^()\n]*\)|\$\w+|\{\{[^{}]*\}\}|\{\w[\w.-]*\}`,
  String.raw`<[\w.-]+>|%\w+%|%[a-zA-Z]`,
  String.raw`\[\[[^\[\]]*\]\]|[#@]\{[^{}\n]*\}|@\w+@|!\w+!|\(\([^()\n]*\)\)`,
  "`[^`\\n]*`",
].join("|");

/**
 * Not in the middle of a longer host name or of a path of another registry; the escapes of JSON and
 * URLs end a word too.
 */
const escape = String.raw`\\[a-z]|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}`;
/** The value of a short option may follow it at once: `-ihost/path:tag`. */
const option = String.raw`(?:^|[^A-Za-z0-9.-])-[A-Za-z]{1,8}`;
const before = String.raw`(?<=^|[^A-Za-z0-9./-]|(?:^|[^A-Za-z0-9])[./-]|${escape}|${option})`;

const slash = String.raw`(?:\\?/|%2[fF]|\\u002[fF]|\\x2[fF])`;
/** What a shell takes away: `"host"/path:tag`. */
const quote = String.raw`(?:\\?["'])`;
const path = String.raw`(?:${quote}?${slash}+${quote}?(?:[a-z0-9._-]|${variable})+)+`;
/** A full stop at the end belongs to the sentence around it. */
const tag = String.raw`(?::|%3[aA]|\\u003[aA]|\\x3[aA])(?:[\w.-]*\w|${variable})(?:[\w.-]*[\w-]|${variable})*`;
const digest = String.raw`(?:@|%40|\\u0040|\\x40)(?:[\w.+-]|:|%3[aA]|\\u003[aA]|${variable})*(?:\w|${variable})`;

/**
 * What composes a text in a way that no form above fits: a command in another, `$(cat $(ls))`, or
 * quotes of a shell around a variable.
 */
const composing = String.raw`\\?(?:\$[({@*#!?["']|\{\{|%\(|#\{|["'\`]+\$)`;
/** A tag or digest that begins so: `:"$TAG"`, `:"1.0"`, `:@TAG@`. */
const opening = String.raw`(?::|@|%3[aA]|\\(?:u00|x)(?:3[aA]|40))(?:${composing}|\\?["'\`]+[\w@{<%(]|@\w)`;
const versionForms = `(?:${tag})(?:${digest})?(?:${composing})?|${digest}(?:${composing})?|${opening}`;
/** Behind a repository in quotes a colon may as well be that of JSON: `{"repository":1}`. */
const jsonValue = String.raw`:(?:true|false|null|-?[\d.eE+-]+|${quote}[^"'\n]*${quote})\s*[,}\]]`;
const version = `${versionForms}|${quote}(?!${jsonValue})(?:${versionForms})|`;

/**
 * The text with every reference to the registry replaced. A bare host does not count, nor does a
 * repository without tag and digest.
 */
export function replaceReferences(
  text: string,
  registry: Registry,
  replace: (found: FoundReference) => string,
): string {
  if (!text.includes(registry.account)) return text;
  const form = new RegExp(
    `${before}(${composedHostForm(registry, variable)})(${path})(${version})`,
    "g",
  );
  return text.replace(form, (found: string, host: string, written: string, tagged: string) => {
    const [, served] = addressForm.exec(repositoryIn(written)) ?? [];
    if (served !== undefined) {
      return replace({ text: found, name: `${host}/${served}`, path: served, kind: "address" });
    }
    if (tagged === "") return found;
    const isComposed = !isHostOf(registry, host) || composition.test(found.slice(host.length));
    return replace({
      text: found,
      name: host + written,
      path: repositoryIn(written),
      kind: isComposed ? "composed" : "plain",
    });
  });
}

/** https://github.com/opencontainers/distribution-spec, "Endpoints". */
const addressForm = /^v2\/(.+)\/(?:manifests|blobs)(?:\/|$)/;

const composition = /[$%<{[#!(`"']|:@|@\w+@|\\[ux]/;

/** What follows the host, without quotes and escapes. */
function repositoryIn(written: string): string {
  return written
    .replace(/\\?["']/g, "")
    .replace(/^(?:\\?\/)+/, "")
    .replace(/\\\//g, "/");
}
