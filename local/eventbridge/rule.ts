import { unsupported } from "../unsupported.ts";
import { compileEventPattern, type EventPattern } from "./event-pattern.ts";
import { parseRate, type Schedule } from "./schedule.ts";

/** An event as the bus hands it to targets. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface RetryPolicy {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeInSeconds?: number;
}

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly retryPolicy?: RetryPolicy;
  readonly deadLetterArn?: string;
}

export interface RuleDefinition {
  readonly name: string;
  readonly arn: string;
  /** As in a template: an object, or its JSON text. */
  readonly eventPattern?: string | Readonly<Record<string, unknown>>;
  readonly scheduleExpression?: string;
  readonly targets: readonly Target[];
}

export interface Rule extends Omit<RuleDefinition, "eventPattern"> {
  /** The text that the pattern was compiled from. */
  readonly patternText: string | undefined;
  readonly pattern: EventPattern | undefined;
  readonly schedule: Schedule | undefined;
}

/** Quotas of a bus (user guide "eb-quota"). */
const maxRules = 300;
const maxTargets = 5;

/**
 * Reads the rules of a template; throws with the rule's name and the reason where the real service
 * refuses to create it.
 */
export function readRules(definitions: readonly RuleDefinition[]): readonly Rule[] {
  const rules = definitions.map(readRule);
  if (rules.length > maxRules) {
    throw new Error(`${rules.length} rules on one event bus, at most ${maxRules} are allowed`);
  }
  return rules;
}

function readRule(definition: RuleDefinition): Rule {
  const { eventPattern, ...rest } = definition;
  const { name, scheduleExpression, targets } = rest;
  if (eventPattern === undefined && scheduleExpression === undefined) {
    throw new Error(
      `rule ${name}: Parameter(s) EventPattern or ScheduleExpression must be specified.`,
    );
  }
  if (targets.length > maxTargets) {
    throw new Error(`rule ${name}: ${targets.length} targets, at most ${maxTargets} are allowed`);
  }
  const patternText =
    typeof eventPattern === "object" ? JSON.stringify(eventPattern) : eventPattern;
  return {
    ...rest,
    patternText,
    pattern: readPattern(name, patternText),
    schedule: readSchedule(name, scheduleExpression),
  };
}

function readPattern(rule: string, text: string | undefined): EventPattern | undefined {
  if (text === undefined) return undefined;
  const compiled = compileEventPattern(text);
  if (compiled.kind === "valid") return compiled.pattern;
  throw new Error(`rule ${rule}: Event pattern is not valid. Reason: ${compiled.reason}`);
}

function readSchedule(rule: string, expression: string | undefined): Schedule | undefined {
  if (expression === undefined) return undefined;
  if (expression.startsWith("cron(")) throw new Error(`rule ${rule}: ${unsupported(expression)}`);
  const schedule = parseRate(expression);
  if (schedule) return schedule;
  throw new Error(`rule ${rule}: Parameter ScheduleExpression is not valid: ${expression}`);
}
