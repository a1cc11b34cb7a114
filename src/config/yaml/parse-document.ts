import { parseAllDocuments, parseDocument, Schema, type Document } from "yaml";
import { maxFaults, type Dialect, type Node, type NodeFault } from "./document-reading.ts";
import { droppedValues } from "./dropped-values.ts";
import { indentContinuedLines } from "./indent-continued-lines.ts";
import { nestedTooDeeply, deepNestingOffset } from "./nesting.ts";
import { nodeValue } from "./node-value.ts";
import { parserDifferences } from "./parser-differences.ts";
import { coreScalars, jsonScalars, kubectlScalars } from "./scalar-readers.ts";
import { syntaxFaults } from "./syntax-faults.ts";
import { unclosedQuotes } from "./unclosed-quotes.ts";

export interface ParsedDocument {
  /** undefined: too broken to be read. */
  readonly value: unknown;
  readonly faults: readonly NodeFault[];
  readonly contents: Node;
  readonly target: (node: Node) => Node;
  /** What a key is called. */
  readonly keyOf: (key: Node) => string | undefined;
  /** What the offsets of the nodes count in. */
  readonly text: string;
  /** From there to the text that was given. */
  readonly originalOffset: (offset: number) => number;
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

/** Made once: the library would make them for each document, which takes as long as reading it. */
const jsonSchema = new Schema({ schema: "failsafe", resolveKnownTags: true });
const kubectlSchema = new Schema({ schema: "failsafe", resolveKnownTags: false });

const core: Dialect = { scalars: coreScalars, entryAboveMerge: "wins" };
const kubectl: Dialect = { scalars: kubectlScalars, entryAboveMerge: "refused" };

const json: Dialect = { scalars: jsonScalars, entryAboveMerge: "refused" };

const unchanged = (offset: number): number => offset;

/** YAML 1.2 with merge keys, one document. */
export function parseCore(text: string): ParsedDocument {
  return guardDepth(text, () =>
    toParsedDocument(parseDocument(text, options), {
      text,
      dialect: core,
      originalOffset: unchanged,
    }),
  );
}

/** An object of JSON, which is YAML too: so it is known where everything stands. */
export function parseJson(text: string): ParsedDocument {
  return guardDepth(text, () =>
    toParsedDocument(parseDocument(text, { ...options, schema: jsonSchema }), {
      text,
      dialect: json,
      originalOffset: unchanged,
    }),
  );
}

/**
 * A document as kubectl reads it: the library leaves every scalar a text, and rules of our own say
 * what it is.
 */
export function parseForKubectl(text: string): ParsedDocument {
  return guardDepth(text, () => {
    const [asWritten, ...behind] = allDocuments(text);
    if (!asWritten) return emptyDocument(text, []);
    const ignored = behind
      .filter(({ errors, contents }) => errors.length > 0 || contents !== null)
      .map(ignoredDocument);
    if (isWhole(asWritten, text)) {
      return toParsedDocument(asWritten, {
        text,
        dialect: kubectl,
        originalOffset: unchanged,
        ignored,
      });
    }
    const indented = indentContinuedLines(text);
    const [again] = allDocuments(indented.text);
    if (!again || !isWhole(again, indented.text)) {
      return toParsedDocument(asWritten, {
        text,
        dialect: kubectl,
        originalOffset: unchanged,
        ignored,
      });
    }
    return toParsedDocument(again, { ...indented, dialect: kubectl, ignored });
  });
}

function isWhole(document: Document.Parsed, text: string): boolean {
  return document.errors.length === 0 && unclosedQuotes(document, text).length === 0;
}

function allDocuments(text: string): readonly Document.Parsed[] {
  const found = parseAllDocuments(text, { ...options, schema: kubectlSchema });
  return Array.isArray(found) ? found : [];
}

function ignoredDocument({ contents, range }: Document.Parsed): NodeFault {
  return {
    offset: contents?.range[0] ?? range[0],
    message: "kubectl reads nothing after the line ...",
    remedy: "begin the next document with ---",
  };
}

interface DocumentOptions extends Pick<ParsedDocument, "text" | "originalOffset"> {
  readonly dialect: Dialect;
  readonly ignored?: readonly NodeFault[];
}

function toParsedDocument(
  document: Document.Parsed,
  { text, dialect, originalOffset, ignored = [] }: DocumentOptions,
): ParsedDocument {
  const told = syntaxFaults(
    dialect === core ? [...document.errors, ...document.warnings] : document.errors,
    text,
  );
  const syntax = told.length > 0 ? told : misreadings(document, { text, dialect });
  const { value, faults, target, keyOf } = nodeValue(document, { text, dialect });
  const found = syntax.length === 0 ? value : undefined;
  return {
    value: found,
    faults: [...syntax, ...faults, ...ignored],
    contents: document.contents,
    target,
    keyOf,
    text,
    originalOffset,
  };
}

/** What the library accepts silently. */
function misreadings(
  document: Document.Parsed,
  { text, dialect }: Pick<DocumentOptions, "text" | "dialect">,
): readonly NodeFault[] {
  const found = [
    ...unclosedQuotes(document, text),
    ...droppedValues(document),
    ...(dialect === core ? [] : parserDifferences(document, text)),
  ];
  return found.slice(0, maxFaults);
}

function emptyDocument(text: string, faults: readonly NodeFault[]): ParsedDocument {
  const value = faults.length > 0 ? undefined : null;
  return {
    value,
    faults,
    contents: undefined,
    target: (node) => node,
    keyOf: () => undefined,
    text,
    originalOffset: unchanged,
  };
}

/** The library reads what is nested by calling itself. */
function guardDepth(text: string, parse: () => ParsedDocument): ParsedDocument {
  const offset = deepNestingOffset(text);
  if (offset !== undefined) return emptyDocument(text, [{ offset, ...nestedTooDeeply }]);
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return emptyDocument(text, [
      { offset: 0, message: "this is nested too deeply to be read", remedy: "nest less" },
    ]);
  }
}
