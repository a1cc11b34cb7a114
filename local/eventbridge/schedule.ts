import { parseCron, type Schedule } from "./cron.ts";

const unitMinutes = { minute: 1, hour: 60, day: 1_440 } as const;

/**
 * `rate(5 minutes)` or `cron(0 10 * * ? *)`; undefined for what the real service refuses (user
 * guide "eb-scheduled-rule-pattern").
 */
export function parseSchedule(expression: string): Schedule | undefined {
  const cron = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (cron !== undefined) return parseCron(cron);
  const [, value, unit, plural] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  return value !== undefined && isUnit(unit)
    ? rate(Number(value), unit, plural === "s")
    : undefined;
}

/**
 * "If the value is equal to 1, then the unit must be singular. If the value is greater than 1, the
 * unit must be plural."
 */
function rate(
  value: number,
  unit: keyof typeof unitMinutes,
  isPlural: boolean,
): Schedule | undefined {
  if (value < 1 || value > 1 !== isPlural) return undefined;
  const period = value * unitMinutes[unit] * 60_000;
  return { after: (time) => time + period };
}

function isUnit(unit: string | undefined): unit is keyof typeof unitMinutes {
  return unit !== undefined && Object.hasOwn(unitMinutes, unit);
}
