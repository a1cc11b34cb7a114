const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** Largest unit first, each at most once. */
const form = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** `90s`, `2m`, `1h30m`, `7d` as milliseconds; undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  const amounts = form.exec(text)?.slice(1);
  if (!amounts) return undefined;
  const total = units.reduce((sum, [, size], index) => sum + Number(amounts[index] ?? 0) * size, 0);
  return Number.isSafeInteger(total) ? total : undefined;
}

/** For people: the two largest units, `1h 30m`; `0s` for nothing. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.max(0, Math.round(milliseconds));
  const parts = units.flatMap(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount === 0 ? [] : [`${amount}${unit}`];
  });
  return parts.slice(0, 2).join(" ") || "0s";
}
