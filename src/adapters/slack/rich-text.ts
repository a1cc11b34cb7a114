import { oneLine } from "./plain-text.ts";

/** A block of Block Kit; what is in it is fixed where it is made. */
export type Block = Readonly<Record<string, unknown>>;

/** Largest text that we put into one element; Slack takes 3,000 characters in a section. */
const maxTextLength = 2_900;
const maxLineLength = 240;

export interface List {
  readonly title: string;
  readonly lines: readonly string[];
  /**
   * Characters that all its lines together may take: Slack refuses a message of more than about
   * 13,000.
   */
  readonly budget: number;
}

/** Lines in fixed width under a title, as many as fit, and how many are left out. */
export function listBlocks({ title, lines, budget }: List): readonly Block[] {
  const shown = fitBudget(
    lines.map((line) => indentedLine(line)),
    budget,
  );
  const texts = joinLines(shown);
  const heading = {
    type: "rich_text_section",
    elements: [{ type: "text", text: title, style: { bold: true } }],
  };
  if (texts.length === 0) return [{ type: "rich_text", elements: [heading] }];
  return texts.map((text, at) => {
    const body = { type: "rich_text_preformatted", elements: [{ type: "text", text }] };
    return { type: "rich_text", elements: at === 0 ? [heading, body] : [body] };
  });
}

export function sentence(elements: readonly object[]): Block {
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

export type Field = readonly [label: string, value: string, further?: object];

/**
 * Slack shows it in the reader's time zone, as "today", "tomorrow" and the like, so that it stays
 * right for as long as the message stands (docs.slack.dev, "Date element").
 */
export function dateElement(milliseconds: number): object {
  return {
    type: "date",
    timestamp: Math.floor(milliseconds / 1000),
    format: " ({date_short_pretty}, {time})",
  };
}

/** One line each, the label in bold, so that it is not mistaken for the value. */
export function labelledFields(pairs: readonly Field[]): Block {
  return sentence(
    pairs.flatMap(([label, value, further], at) => [
      ...(at > 0 ? [{ type: "text", text: "\n" }] : []),
      { type: "text", text: label, style: { bold: true } },
      { type: "text", text: `  ${value}` },
      ...(further === undefined ? [] : [further]),
    ]),
  );
}

/** A mention for a Slack user id, text for every other way to name a person. */
export function person(who: string): object {
  return /^[UW][A-Z0-9]{2,20}$/.test(who)
    ? { type: "user", user_id: who }
    : { type: "text", text: oneLine(who, 80) };
}

function indentedLine(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? "";
  return indent + oneLine(line, maxLineLength);
}

function fitBudget(lines: readonly string[], budget: number): readonly string[] {
  const shown: string[] = [];
  let size = 0;
  for (const line of lines) {
    size += line.length + 1;
    if (size > budget) return [...shown, `… and ${lines.length - shown.length} more`];
    shown.push(line);
  }
  return shown;
}

function joinLines(lines: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last === undefined || last.length + line.length + 1 > maxTextLength) texts.push(line);
    else texts[texts.length - 1] = `${last}\n${line}`;
  }
  return texts;
}
