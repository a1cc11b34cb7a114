const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof units;

const form = /^(\d+(ms|s|m|h|d))+$/;

/** `90s`, `2m`, `1h30m`, `7d` as milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!form.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|s|m|h|d)/g)].reduce((sum, [, amount, unit]) => sum + Number(amount) * factor(unit), 0);
}

function factor(unit: string | undefined): number {
  return isUnit(unit) ? units[unit] : 0;
}

function isUnit(unit: string | undefined): unit is Unit {
  return unit !== undefined && unit in units;
}

/** For people: the two largest units, `1h 30m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)}ms`;
  const parts: string[] = [];
  let rest = milliseconds;
  for (const unit of ["d", "h", "m", "s"] as const) {
    const amount = Math.floor(rest / units[unit]);
    rest -= amount * units[unit];
    if (amount > 0) parts.push(`${amount}${unit}`);
  }
  return parts.slice(0, 2).join(" ");
}
