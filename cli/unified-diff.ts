interface Line {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

interface DiffSide {
  readonly label: string;
  readonly text: string;
}

/** Lines around a change that stay the same. */
const context = 3;
/** Of lines times lines; where more differ, all of them are replaced. */
const maxComparisons = 4_000_000;

/**
 * As `diff -u` writes it (GNU diffutils, "Detailed Description of Unified Format"); "" for equal
 * texts.
 */
export function unifiedDiff(from: DiffSide, to: DiffSide): string {
  const lines = comparedLines(linesOf(from.text), linesOf(to.text));
  const hunks = hunksOf(lines);
  if (hunks.length === 0) return "";
  const head = [`--- ${from.label}`, `+++ ${to.label}`];
  return [...head, ...hunks.flatMap((hunk) => hunkLines(lines, hunk))].join("\n");
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function comparedLines(from: readonly string[], to: readonly string[]): readonly Line[] {
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < most - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  return [
    ...marked(" ", from.slice(0, start)),
    ...changedLines(from.slice(start, from.length - end), to.slice(start, to.length - end)),
    ...marked(" ", from.slice(from.length - end)),
  ];
}

function marked(mark: Line["mark"], texts: readonly string[]): readonly Line[] {
  return texts.map((text) => ({ mark, text }));
}

/** By the longest common subsequence. */
function changedLines(from: readonly string[], to: readonly string[]): readonly Line[] {
  if (from.length * to.length > maxComparisons) return [...marked("-", from), ...marked("+", to)];
  const lengths = commonLengths(from, to);
  const lengthAt = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  const lines: Line[] = [];
  let [row, column] = [0, 0];
  while (row < from.length && column < to.length) {
    const [before = "", after = ""] = [from[row], to[column]];
    if (before === after) {
      lines.push({ mark: " ", text: before });
      row += 1;
      column += 1;
    } else if (lengthAt(row + 1, column) >= lengthAt(row, column + 1)) {
      lines.push({ mark: "-", text: before });
      row += 1;
    } else {
      lines.push({ mark: "+", text: after });
      column += 1;
    }
  }
  return [...lines, ...marked("-", from.slice(row)), ...marked("+", to.slice(column))];
}

/** How long the longest common subsequence is from each pair of lines on. */
function commonLengths(
  from: readonly string[],
  to: readonly string[],
): readonly (readonly number[])[] {
  const rows: number[][] = Array.from({ length: from.length + 1 }, () => []);
  for (let row = from.length - 1; row >= 0; row -= 1) {
    const [here = [], below = []] = [rows[row], rows[row + 1]];
    for (let column = to.length - 1; column >= 0; column -= 1) {
      here[column] =
        from[row] === to[column]
          ? (below[column + 1] ?? 0) + 1
          : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
    }
  }
  return rows;
}

interface Hunk {
  readonly start: number;
  readonly end: number;
}

/** Changes with what stands around them; those whose surroundings meet are one hunk. */
function hunksOf(lines: readonly Line[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  for (const [index, { mark }] of lines.entries()) {
    if (mark === " ") continue;
    const start = Math.max(0, index - context);
    const end = Math.min(lines.length, index + context + 1);
    const last = hunks.at(-1);
    if (last && start <= last.end) hunks[hunks.length - 1] = { start: last.start, end };
    else hunks.push({ start, end });
  }
  return hunks;
}

function hunkLines(lines: readonly Line[], { start, end }: Hunk): readonly string[] {
  const [above, inside] = [lines.slice(0, start), lines.slice(start, end)];
  const range = (mark: "-" | "+"): string => {
    const count = (some: readonly Line[]): number =>
      some.filter((line) => line.mark === " " || line.mark === mark).length;
    const [before, length] = [count(above), count(inside)];
    return `${mark}${length === 0 ? before : before + 1},${length}`;
  };
  return [`@@ ${range("-")} ${range("+")} @@`, ...inside.map(({ mark, text }) => `${mark}${text}`)];
}
