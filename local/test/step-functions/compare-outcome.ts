import { virtualClock } from "../../clock.ts";
import type { RecordedEvent } from "../../step-functions/executions/history-event.ts";
import type { AslDocument, Expectation } from "./asl-document.ts";
import type { Outcome } from "./run-document.ts";

type Fields = Readonly<Record<string, unknown>>;
interface Comparison {
  readonly actual: Fields;
  readonly expected: Fields;
}

/**
 * Two objects that are equal when the outcome is as expected: of the outcome only what the document
 * speaks of.
 */
export function compareOutcome(
  { expect, timeline = [] }: AslDocument,
  outcome: Outcome,
): Comparison {
  const views: readonly Comparison[] = [
    {
      actual: { answers: outcome.answers },
      expected: { answers: timeline.map(({ answer, look }) => look ?? answer ?? "ok") },
    },
    {
      actual: { ids: outcome.history.map(({ id }) => id) },
      expected: { ids: outcome.history.map((_, index) => index + 1) },
    },
    compareEvents(expect.history, outcome.history),
    viewOf(expect, endOf(outcome, expect)),
  ];
  return {
    actual: Object.assign({}, ...views.map(({ actual }) => actual)) as Fields,
    expected: Object.assign({}, ...views.map(({ expected }) => expected)) as Fields,
  };
}

/** YAML has no undefined: the word stands for an absent field. */
function viewOf(expectation: Expectation, actual: Fields): Comparison {
  const spoken = Object.fromEntries(
    Object.entries(expectation).filter(([name]) => name !== "history"),
  );
  return {
    expected: spoken,
    actual: Object.fromEntries(
      Object.keys(spoken).map((name) => [name, actual[name] ?? "undefined"]),
    ),
  };
}

function endOf(
  { description, history, ...outcome }: Outcome,
  { events = {}, tail = [], causeContains = "" }: Expectation,
): Fields {
  const types = history.map(({ type }) => type);
  return {
    ...outcome,
    ...description,
    output:
      typeof description["output"] === "string"
        ? (JSON.parse(description["output"]) as unknown)
        : undefined,
    seconds: Math.round(outcome.seconds * 1_000) / 1_000,
    causeContains: String(description["cause"]).includes(causeContains)
      ? causeContains
      : description["cause"],
    previous: history.map(({ previousEventId }) => previousEventId),
    events: Object.fromEntries(
      Object.keys(events).map((type) => [type, types.filter((other) => other === type).length]),
    ),
    tail: types.slice(-tail.length),
    length: types.length,
    distinctTokens: new Set(outcome.tokens).size,
  };
}

const start = virtualClock().now();

function compareEvents(
  history: Expectation["history"],
  recorded: readonly RecordedEvent[],
): Comparison {
  if (!history) return { actual: {}, expected: {} };
  const wanted = history.map((entry): readonly [string, Fields] =>
    typeof entry === "string" ? [entry, {}] : (Object.entries(entry)[0] ?? ["", {}]),
  );
  return {
    expected: { history: wanted },
    actual: { history: recorded.map((event, index) => shown(event, wanted[index] ?? ["", {}])) },
  };
}

function shown(
  { type, timestamp, details }: RecordedEvent,
  [text, wanted]: readonly [string, Fields],
): readonly [string, Fields] {
  const fields = (Object.values(details)[0] ?? {}) as Fields;
  const label = text.includes(" @") ? `${type} @${(timestamp - start) / 1_000}` : type;
  return [
    label,
    Object.fromEntries(
      Object.entries(wanted).map(([name, value]) => [name, part(fields[name], value)]),
    ),
  ];
}

/** Data stands in events as JSON text; of an object only the members that are spoken of. */
function part(actual: unknown, wanted: unknown): unknown {
  const value =
    typeof actual === "string" && typeof wanted !== "string"
      ? (JSON.parse(actual) as unknown)
      : (actual ?? "undefined");
  if (!isObject(value) || !isObject(wanted)) return value;
  return Object.fromEntries(
    Object.entries(wanted).map(([name, member]) => [name, part(value[name], member)]),
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
