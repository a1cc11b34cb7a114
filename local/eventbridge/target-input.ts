import type { BusEvent, InputTransformer, Rule, Target } from "./rule.ts";
import { valueAt } from "./value-at.ts";

interface Context {
  readonly event: BusEvent;
  readonly rule: Pick<Rule, "arn" | "name">;
  /** When the bus took the event in, RFC 3339. */
  readonly ingestedAt: string;
}

/**
 * The text that a target receives: the event, a part of it, a constant, or what a template makes of
 * it. It need not be JSON.
 */
export function targetInput(target: Target, context: Context): string {
  if (target.input !== undefined) return target.input;
  if (target.inputTransformer) return transform(target.inputTransformer, context);
  if (target.inputPath === undefined) return JSON.stringify(context.event);
  return JSON.stringify(valueAt(context.event, target.inputPath) ?? null);
}

/**
 * Fills in a template (user guide "eb-transform-target-input", "Common Issues"): a path that finds
 * nothing leaves nothing; strings get quotes unless they stand in a string already, and are not
 * escaped; objects in a string lose their quotes.
 */
function transform(
  { inputPathsMap = {}, inputTemplate }: InputTransformer,
  context: Context,
): string {
  const insideString = stringPositions(inputTemplate);
  return inputTemplate.replaceAll(/<([\w.-]+)>/g, (_, name: string, at: number) => {
    const path = inputPathsMap[name];
    const value = path === undefined ? predefined(name, context) : valueAt(context.event, path);
    return insideString.has(at) ? inString(value) : bare(value);
  });
}

/** Names that need no path (same page, "Predefined variables"). */
function predefined(name: string, { event, rule, ingestedAt }: Context): unknown {
  const { detail: _, ...envelope } = event;
  const values: Readonly<Record<string, unknown>> = {
    "aws.events.rule-arn": rule.arn,
    "aws.events.rule-name": rule.name,
    "aws.events.event.ingestion-time": ingestedAt,
    "aws.events.event": envelope,
    "aws.events.event.json": event,
  };
  return values[name];
}

function bare(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}

function inString(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', "");
}

/** Every position of the template that lies between quotes. */
function stringPositions(template: string): ReadonlySet<number> {
  const inside = new Set<number>();
  let isInside = false;
  for (let at = 0; at < template.length; at++) {
    if (template[at] === '"' && template[at - 1] !== "\\") isInside = !isInside;
    else if (isInside) inside.add(at);
  }
  return inside;
}
