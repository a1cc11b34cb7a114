import wrapAnsi from "wrap-ansi";

/** Continuation rows are indented a little more than their line. */
const further = 2;
/** A private-use character, as wide as a blank, at which no line is broken. */
const tie = "\uE000";
/** Narrower than this no layout is readable. */
const minColumns = 20;

/**
 * A text as rows of at most `columns` columns, as terminals count them: wide characters are two,
 * combining ones and colours none. A word that is longer stays whole, so that addresses can be
 * copied; the terminal breaks it. A command in backticks stands in one row if one can hold it.
 */
export function wrapText(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, Math.max(columns, minColumns)))
    .join("\n");
}

/** Where a line begins: blanks, which a style may go before. */
const beginning = /^((?:\u001B\[[\d;]*m)*)( *)/; // oxlint-disable-line no-control-regex

function wrapLine(line: string, columns: number): string {
  const [begun, style = "", indent = ""] = beginning.exec(line) ?? [""];
  const deeper = indent.length + further < columns / 2 ? indent + " ".repeat(further) : "";
  const width = columns - Math.max(indent.length, deeper.length);
  const [first = "", ...others] = wrapAnsi(
    style + tieCommands(line.slice(begun.length), width),
    width,
  )
    .replaceAll(tie, " ")
    .split("\n");
  return [indent + first, ...others.map((row) => deeper + row)].join("\n");
}

function tieCommands(text: string, width: number): string {
  return text.replace(/`[^`]*`/g, (command) =>
    command.length > width ? command : command.replaceAll(" ", tie),
  );
}
