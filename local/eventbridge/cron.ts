/** When a scheduled rule runs. */
export interface Schedule {
  /** The first time after `time`, both in epoch milliseconds; undefined when it never runs again. */
  after(time: number): number | undefined;
}

/**
 * AWS's cron: minutes, hours, day of month, month, day of week (1 is Sunday), year; one of the two
 * days must be `?` (user guide "eb-scheduled-rule-pattern"). All times are UTC.
 */
export function parseCron(text: string): Schedule | undefined {
  const fields = text.trim().split(/\s+/);
  const [minutes, hours, monthDays, months, weekDays, years] = fields;
  if (!minutes || !hours || !monthDays || !months || !weekDays || !years || fields.length > 6) {
    return undefined;
  }
  if ((monthDays === "?") === (weekDays === "?")) return undefined;
  const cron = {
    minutes: numbers(minutes, { from: 0, to: 59 }),
    hours: numbers(hours, { from: 0, to: 23 }),
    days: monthDays === "?" ? dayOfWeek(weekDays) : dayOfMonth(monthDays),
    months: numbers(months, { from: 1, to: 12, names: monthNames }),
    years: numbers(years, { from: 1970, to: 2199 }),
  };
  return isComplete(cron) ? { after: (time) => nextTime(cron, time) } : undefined;
}

interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: (date: Date) => boolean;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
}

function isComplete(cron: { readonly [K in keyof Cron]: Cron[K] | undefined }): cron is Cron {
  return Object.values(cron).every((field) => field !== undefined);
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const monthNames = [
  "JAN",
  "FEB",
  "MAR",
  "APR",
  "MAY",
  "JUN",
  "JUL",
  "AUG",
  "SEP",
  "OCT",
  "NOV",
  "DEC",
];
const weekDayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const minuteMs = 60_000;

/**
 * `*`, `5`, `1-5`, `0/15`, `10-40/10`, names, and lists of them. A range such as `20-2` goes over
 * the end.
 */
function numbers(text: string, span: Span): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const values = range(part, span);
    if (!values) return undefined;
    for (const value of values) found.add(value);
  }
  return found;
}

function range(part: string, span: Span): readonly number[] | undefined {
  const [base = "", step, ...rest] = part.split("/");
  const [first, last = step === undefined ? first : undefined, ...more] =
    base === "*" ? [String(span.from), String(span.to)] : base.split("-");
  const from = number(first, span);
  const to = last === undefined ? span.to : number(last, span);
  const by = step === undefined ? 1 : Number(step);
  if (from === undefined || to === undefined || !(by >= 1) || rest.length + more.length > 0) {
    return undefined;
  }
  const length = to >= from ? to - from : to - from + (span.to - span.from + 1);
  const size = span.to - span.from + 1;
  return Array.from(
    { length: Math.floor(length / by) + 1 },
    (_, index) => span.from + ((from - span.from + index * by) % size),
  );
}

function number(text: string | undefined, { from, to, names = [] }: Span): number | undefined {
  const named = names.indexOf((text ?? "").toUpperCase());
  const value = named >= 0 ? named + from : /^\d+$/.test(text ?? "") ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}

/**
 * A day of the month, also `L` (the last) and `15W` (the weekday nearest to the 15th, in the same
 * month).
 */
function dayOfMonth(text: string): Cron["days"] | undefined {
  if (text === "L") return (date) => date.getUTCDate() === lastDay(date);
  const near = /^(\d+)W$/.exec(text)?.[1];
  if (near !== undefined) {
    return (date) =>
      date.getUTCDate() === nearestWeekday(date, Math.min(Number(near), lastDay(date)));
  }
  const days = numbers(text, { from: 1, to: 31 });
  return days && ((date) => days.has(date.getUTCDate()));
}

/**
 * A day of the week, also `6L` (the last Friday) and `3#2` (the second Tuesday). `L` alone is the
 * last day of the week.
 */
function dayOfWeek(text: string): Cron["days"] | undefined {
  const span = { from: 1, to: 7, names: weekDayNames };
  if (text === "L") return (date) => date.getUTCDay() === 6;
  const [, name, rank] = /^(\w+)(?:#([1-5])|L)$/.exec(text) ?? [];
  const single = name === undefined ? undefined : number(name, span);
  if (single !== undefined && rank !== undefined) {
    return (date) =>
      date.getUTCDay() + 1 === single && Math.ceil(date.getUTCDate() / 7) === Number(rank);
  }
  if (single !== undefined) {
    return (date) => date.getUTCDay() + 1 === single && date.getUTCDate() + 7 > lastDay(date);
  }
  const days = numbers(text, span);
  return days && ((date) => days.has(date.getUTCDay() + 1));
}

function lastDay(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function nearestWeekday(date: Date, day: number): number {
  const weekDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekDay === 6) return day === 1 ? day + 2 : day - 1;
  if (weekDay === 0) return day === lastDay(date) ? day - 2 : day + 1;
  return day;
}

/** Goes on by the largest unit that does not fit; the years end the search. */
function nextTime(cron: Cron, after: number): number | undefined {
  const lastYear = Math.max(...cron.years);
  let date = new Date((Math.floor(after / minuteMs) + 1) * minuteMs);
  while (date.getUTCFullYear() <= lastYear) {
    const later = skip(cron, date);
    if (!later) return date.getTime();
    date = later;
  }
  return undefined;
}

function skip(cron: Cron, date: Date): Date | undefined {
  const [year, month, day, hour] = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
  ];
  if (!cron.years.has(year)) return new Date(Date.UTC(year + 1, 0));
  if (!cron.months.has(month + 1)) return new Date(Date.UTC(year, month + 1));
  if (!cron.days(date)) return new Date(Date.UTC(year, month, day + 1));
  if (!cron.hours.has(hour)) return new Date(Date.UTC(year, month, day, hour + 1));
  return cron.minutes.has(date.getUTCMinutes()) ? undefined : new Date(date.getTime() + minuteMs);
}
