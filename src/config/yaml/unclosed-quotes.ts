import { visit, type Document } from "yaml";
import type { NodeFault } from "./document-reading.ts";

/**
 * Quoted texts whose last quotation mark is escaped, as in `"C:\"` and `'it''`, and so closes
 * nothing. The library takes them for complete where the next line is indented less than they
 * require, or where the file ends.
 */
export function unclosedQuotes(document: Document.Parsed, text: string): readonly NodeFault[] {
  const faults: NodeFault[] = [];
  visit(document, {
    Scalar(_, { range }) {
      const [start, end] = range ?? [0, 0];
      if (isUnclosed(text.slice(start, end))) {
        faults.push({
          offset: start,
          message: "the quotation mark that closes this string is escaped",
          remedy,
        });
      }
    },
  });
  return faults;
}

const remedy =
  "close the string; in double quotes a backslash is written \\\\, " +
  "in single quotes one quotation mark at the end closes and two do not";

function isUnclosed(source: string): boolean {
  if (source.startsWith('"')) {
    return source.length === 1 || backslashesBefore(source, source.length - 1) % 2 === 1;
  }
  return (
    source.startsWith("'") &&
    (source.length === 1 || source.slice(1, -1).replaceAll("''", "").includes("'"))
  );
}

function backslashesBefore(source: string, end: number): number {
  let at = end;
  while (source.charAt(at - 1) === "\\") at -= 1;
  return end - at;
}
