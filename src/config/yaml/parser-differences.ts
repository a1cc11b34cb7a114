import { isCollection, isScalar, visit, type Document, type Node, type Pair } from "yaml";
import type { NodeFault } from "./document-reading.ts";
import type { FaultText } from "./scalar-readers.ts";

/**
 * What the library reads differently from libyaml, and so from kubectl; each is either read with
 * another value there or not at all. Found by comparing the two readers on random texts.
 */
export function parserDifferences(document: Document.Parsed, text: string): readonly NodeFault[] {
  const faults: NodeFault[] = [];
  const tell = (node: unknown, said: FaultText | undefined): void => {
    if (said) faults.push({ offset: offsetOf(node), ...said });
  };
  visit(document, {
    Value: (_, node, path) =>
      tell(node, nodeFault(node, text) ?? (path.some(isFlow) ? flowFault(node, text) : undefined)),
    Pair: (_, pair, path) => tell(pair.key, path.some(isFlow) ? colonFault(pair, text) : undefined),
  });
  return faults;
}

function offsetOf(node: unknown): number {
  return isCollection(node) || isScalar(node) ? (node.range?.[0] ?? 0) : 0;
}

function isFlow(node: unknown): boolean {
  return isCollection(node) && node.flow === true;
}

function sourceOf({ range }: Node, text: string): string {
  return range ? text.slice(range[0], range[1]) : "";
}

/** Whatever the node stands in. */
function nodeFault(node: Node & { readonly anchor?: string }, text: string): FaultText | undefined {
  if (node.anchor !== undefined && !/^[\w-]+$/.test(node.anchor)) {
    return {
      message: "the name of an anchor contains characters other than letters, digits, _ and -",
      remedy: "use only those, and a space after the name",
    };
  }
  if (!isScalar(node)) return undefined;
  const source = sourceOf(node, text);
  if (node.type === "QUOTE_DOUBLE" && /(?<!\\)(?:\\\\)*\\\r?\n[ \t]*\r?\n/.test(source)) {
    return {
      message: "an empty line follows a line that ends with a backslash",
      remedy: "write \\n for it, or remove one of the two",
    };
  }
  return isAmbiguousBlock(
    source,
    blankLines(text, (node.range?.[0] ?? 0) + source.trimEnd().length),
  )
    ? blanksAtEnd
    : undefined;
}

const blanksAtEnd: FaultText = {
  message: "this block string ends in lines of spaces, which only some parsers keep",
  remedy: "remove the spaces of these lines, or write the string in double quotes",
};

/**
 * With an indentation indicator, or kept to the last blank of a file that ends without a line
 * break.
 */
function isAmbiguousBlock(source: string, blanks: string): boolean {
  return /^[|>][-+]?\d/.test(source)
    ? /\n\s*[ \t]/.test(blanks)
    : /^[|>]\+/.test(source) && /\n[ \t]+$/.test(blanks);
}

/** From an offset to where the next line begins that is not blank. */
function blankLines(text: string, offset: number): string {
  const blanks = /^\s*/.exec(text.slice(offset))?.[0] ?? "";
  return offset + blanks.length === text.length
    ? blanks
    : blanks.slice(0, blanks.lastIndexOf("\n") + 1);
}

/** Inside of brackets or braces. */
function flowFault(node: Node, text: string): FaultText | undefined {
  if (!isScalar(node) || node.type !== "PLAIN") return undefined;
  if (node.source === "" && node.tag !== undefined) {
    return {
      message: "a tag without a value is inside brackets",
      remedy: 'write "" after it, or remove it',
    };
  }
  return /^:|\?/.test(sourceOf(node, text))
    ? {
        message: "a leading question mark or colon ends a string inside brackets",
        remedy: "put the string in quotes",
      }
    : undefined;
}

/** `{b:}` has the key `b:`. */
function colonFault({ key }: Pair, text: string): FaultText | undefined {
  if (
    !isScalar(key) ||
    key.type !== "PLAIN" ||
    !key.range ||
    !/^\s*:[,[\]{}?]/.test(text.slice(key.range[1]))
  ) {
    return undefined;
  }
  return {
    message: "the colon is part of the key, because the bracket or comma follows it directly",
    remedy: "write a space after the colon",
  };
}
