/** When a scheduled rule runs: the first time after `time`, both in epoch milliseconds. */
export interface Schedule {
  after(time: number): number;
}

const unitMinutes = { minute: 1, hour: 60, day: 1_440 } as const;

/**
 * `rate(5 minutes)`; undefined for what the real service refuses (user guide
 * "eb-scheduled-rule-pattern"). "If the value is equal to 1, then the unit must be singular. If the
 * value is greater than 1, the unit must be plural."
 */
export function parseRate(expression: string): Schedule | undefined {
  const [, value = "0", unit, plural] =
    /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const count = Number(value);
  if (!isUnit(unit) || count < 1 || count > 1 !== (plural === "s")) return undefined;
  const period = count * unitMinutes[unit] * 60_000;
  return { after: (time) => time + period };
}

function isUnit(unit: string | undefined): unit is keyof typeof unitMinutes {
  return unit !== undefined && Object.hasOwn(unitMinutes, unit);
}
