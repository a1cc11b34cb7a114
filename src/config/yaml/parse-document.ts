import { parseAllDocuments, parseDocument, type Document } from "yaml";
import { droppedValues } from "./dropped-values.ts";
import { indentContinuedLines } from "./indent-continued-lines.ts";
import { nestedTooDeeply, tooDeepAt } from "./nesting.ts";
import { maxFaults, nodeValue, type Dialect, type Node, type NodeFault } from "./node-value.ts";
import { readOtherwise } from "./read-otherwise.ts";
import { coreScalars, jsonScalars, kubectlScalars } from "./scalar-readers.ts";
import { syntaxFaults } from "./syntax-faults.ts";
import { unclosedQuotes } from "./unclosed-quotes.ts";

export interface ParsedDocument {
  /** undefined: too broken to be looked at. */
  readonly value: unknown;
  readonly faults: readonly NodeFault[];
  readonly contents: Node;
  readonly target: (node: Node) => Node;
  /** What a key is called. */
  readonly keyOf: (key: Node) => string | undefined;
  /** What the offsets of the nodes count in. */
  readonly text: string;
  /** From there to the text that was given. */
  readonly offsetBefore: (offset: number) => number;
}

/**
 * Duplicate keys are found while the values are read: the library compares each with each, and by
 * value.
 */
const options = {
  prettyErrors: false,
  logLevel: "error",
  uniqueKeys: false,
  keepSourceTokens: true,
} as const;

const core: Dialect = { scalars: coreScalars, entryAboveMerge: "wins" };
const kubectl: Dialect = { scalars: kubectlScalars, entryAboveMerge: "refused" };

const json: Dialect = { scalars: jsonScalars, entryAboveMerge: "refused" };

const unchanged = (offset: number): number => offset;

/** YAML 1.2 with merge keys, one document. */
export function parseCore(text: string): ParsedDocument {
  return unlessTooDeep(text, () =>
    finished(parseDocument(text, options), { text, dialect: core, offsetBefore: unchanged }),
  );
}

/** An object of JSON, which is YAML too: so it is known where everything stands. */
export function parseJson(text: string): ParsedDocument {
  return unlessTooDeep(text, () =>
    finished(parseDocument(text, { ...options, schema: "failsafe" }), {
      text,
      dialect: json,
      offsetBefore: unchanged,
    }),
  );
}

/**
 * A document as kubectl reads it: the library leaves every scalar a text, and rules of our own say
 * what it is.
 */
export function parseForKubectl(text: string): ParsedDocument {
  return unlessTooDeep(text, () => {
    const [asWritten, ...behind] = allDocuments(text);
    if (!asWritten) return nothing(text, []);
    const ignored = behind
      .filter(({ errors, contents }) => errors.length > 0 || contents !== null)
      .map(ignoredDocument);
    if (isWhole(asWritten, text)) {
      return finished(asWritten, { text, dialect: kubectl, offsetBefore: unchanged, ignored });
    }
    const indented = indentContinuedLines(text);
    const [again] = allDocuments(indented.text);
    if (!again || !isWhole(again, indented.text)) {
      return finished(asWritten, { text, dialect: kubectl, offsetBefore: unchanged, ignored });
    }
    return finished(again, { ...indented, dialect: kubectl, ignored });
  });
}

function isWhole(document: Document.Parsed, text: string): boolean {
  return document.errors.length === 0 && unclosedQuotes(document, text).length === 0;
}

function allDocuments(text: string): readonly Document.Parsed[] {
  const found = parseAllDocuments(text, {
    ...options,
    schema: "failsafe",
    resolveKnownTags: false,
  });
  return Array.isArray(found) ? found : [];
}

function ignoredDocument({ contents, range }: Document.Parsed): NodeFault {
  return {
    offset: contents?.range[0] ?? range[0],
    message: "kubectl reads nothing behind the line ...",
    remedy: "begin the next document with ---",
  };
}

interface Finishing extends Pick<ParsedDocument, "text" | "offsetBefore"> {
  readonly dialect: Dialect;
  readonly ignored?: readonly NodeFault[];
}

function finished(
  document: Document.Parsed,
  { text, dialect, offsetBefore, ignored = [] }: Finishing,
): ParsedDocument {
  const told = syntaxFaults(
    dialect === core ? [...document.errors, ...document.warnings] : document.errors,
    text,
  );
  const syntax = told.length > 0 ? told : misread(document, { text, dialect });
  const { value, faults, target, keyOf } = nodeValue(document, { text, dialect });
  const found = syntax.length === 0 ? value : undefined;
  return {
    value: found,
    faults: [...syntax, ...faults, ...ignored],
    contents: document.contents,
    target,
    keyOf,
    text,
    offsetBefore,
  };
}

/** What the library takes without a word. */
function misread(
  document: Document.Parsed,
  { text, dialect }: Pick<Finishing, "text" | "dialect">,
): readonly NodeFault[] {
  const found = [
    ...unclosedQuotes(document, text),
    ...droppedValues(document),
    ...(dialect === core ? [] : readOtherwise(document, text)),
  ];
  return found.slice(0, maxFaults);
}

function nothing(text: string, faults: readonly NodeFault[]): ParsedDocument {
  const value = faults.length > 0 ? undefined : null;
  return {
    value,
    faults,
    contents: undefined,
    target: (node) => node,
    keyOf: () => undefined,
    text,
    offsetBefore: unchanged,
  };
}

/** The library reads what is nested by calling itself. */
function unlessTooDeep(text: string, parse: () => ParsedDocument): ParsedDocument {
  const offset = tooDeepAt(text);
  if (offset !== undefined) return nothing(text, [{ offset, ...nestedTooDeeply }]);
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return nothing(text, [
      { offset: 0, message: "this is nested too deeply to be read", remedy: "nest less" },
    ]);
  }
}
