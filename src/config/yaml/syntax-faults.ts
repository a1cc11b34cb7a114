import type { YAMLError } from "yaml";
import { holdsSecret } from "../holds-secret.ts";
import { quotedValue, swallowingComment } from "../quote-remedy.ts";
import type { NodeFault } from "./document-reading.ts";

/** One mistake causes many of them. */
const maxFaults = 20;

/**
 * What the library says of the syntax, in words that say what to write. One at each place: the last
 * message knows what was meant.
 */
export function syntaxFaults(errors: readonly YAMLError[], text: string): readonly NodeFault[] {
  // Only the specification asks for more columns before a closing bracket; no reader does.
  const told = errors
    .filter(({ name, code }) => name !== "YAMLWarning" || code !== "BAD_INDENT")
    .slice(0, maxFaults);
  return [
    ...new Map(
      told.map((error) => syntaxFault(error, text)).map((fault) => [fault.offset, fault]),
    ).values(),
  ];
}

function syntaxFault({ code, message, pos: [offset] }: YAMLError, text: string): NodeFault {
  const comment = /must be sufficiently indented|end with a/.test(message)
    ? swallowingComment(text, offset)
    : undefined;
  if (comment !== undefined) {
    return {
      offset: comment,
      message: "a comment begins here and hides the rest of the line",
      remedy: quotedValue(text, comment) ?? unreadable,
    };
  }
  const why = holdsSecret(text) ? "" : `: ${message.split(/[;\n]/)[0]}`;
  return {
    offset,
    message: `this is not valid YAML${why}`,
    remedy: quotedValue(text, offset) ?? closing(message) ?? remedies[code] ?? unreadable,
  };
}

const remedies: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "indent with spaces",
  BAD_INDENT: "put all entries of a map or list at the same column",
  MULTIPLE_DOCS: "remove the line `---`: the configuration is one document",
  MISSING_CHAR: "close the quotation marks or brackets",
  TAG_RESOLVE_FAILED: "remove the tag",
};

const unreadable = "correct the syntax; the rest of the file is checked once it can be read";

/** The library calls a bracket that is never closed a wrong indent. */
function closing(message: string): string | undefined {
  const bracket = /end with a ([\]}])/.exec(message)?.[1];
  return bracket && `close the bracket with ${bracket}`;
}
