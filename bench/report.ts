export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The value must not exceed it. */
  readonly bound?: number;
  /** What is counted is the same on every machine; only that decides the exit code. */
  readonly kind: "counted" | "timed";
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export function verdict({ value, bound }: Row): "pass" | "fail" | "" {
  if (bound === undefined) return "";
  return value <= bound ? "pass" : "fail";
}

export function formatSection({ title, rows }: Section): string {
  const lines = rows.map((row) => {
    const bound = row.bound === undefined ? "" : `<= ${row.bound}`;
    return `  ${row.name.padEnd(58)} ${formatNumber(row.value).padStart(10)} ${row.unit.padEnd(6)} ${bound.padEnd(10)} ${verdict(row)}`.trimEnd();
  });
  return [title, ...lines, ""].join("\n");
}

function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value < 0.1 ? value.toPrecision(2) : value.toFixed(value < 10 ? 2 : 1);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Nearest rank. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
