import * as z from "zod";
import { printable } from "../domain/printable.ts";
import type { Clock } from "../ports/clock.ts";
import type { Trail } from "../ports/trail.ts";
import type { StepResult } from "../promotion/record/step-result.ts";
import type { Invocation } from "./invocation.ts";
import { lambda, type LambdaHandler } from "./lambda.ts";
import { promotionIdSchema } from "./promotion-id-schema.ts";
import { trailOf } from "./state.ts";
import type { World } from "./world.ts";

/** The schemas of what the state machine sends; any further key is refused. */
export const stepSchema = z.strictObject({ promotion: promotionIdSchema, visit: z.string() });
export const writingSchema = stepSchema.extend({ redrives: z.number().int() });
export const awaitSchema = stepSchema.extend({
  token: z.string().min(1),
  seconds: z.number().positive(),
});

/** What a Catch hands on. */
export const failureSchema = z.strictObject({
  state: z.string(),
  error: z.string(),
  message: z.string(),
});

interface StepOptions<Schema> {
  /** The name of the state. */
  readonly name: string;
  readonly schema: Schema;
}

/**
 * A function behind a Task of the workflow: what it did goes into the trail, only the outcome into
 * the state data.
 */
export function step<Schema extends z.ZodType<{ promotion: string; visit: string }>>(
  world: World,
  options: StepOptions<Schema>,
  work: (input: z.output<Schema>, invocation: Invocation) => Promise<StepResult>,
): LambdaHandler {
  return lambda(
    world,
    options,
    recorded({ name: options.name, trail: trailOf(world), clock: world.clock }, work),
  );
}

interface Recording {
  /** The name of the state. */
  readonly name: string;
  readonly trail: Trail;
  readonly clock: Clock;
}

type Outcome = Pick<StepResult, "outcome" | "seconds">;

/** The work of a step, noted in the trail: also a try that failed. */
export function recorded<Input extends { readonly promotion: string; readonly visit: string }>(
  { name, trail, clock }: Recording,
  work: (input: Input, invocation: Invocation) => Promise<StepResult>,
): (input: Input, invocation: Invocation) => Promise<Outcome> {
  return async (input, invocation) => {
    const at = clock.now();
    const note = ({ visit = input.visit, outcome, reasons }: Note): Promise<void> =>
      trail.append(
        input.promotion,
        { visit, step: name, at, took: clock.now() - at, outcome, who: "promoter", reasons },
        enteredAt(input.visit),
      );
    const { outcome, seconds, reasons } = await work(input, invocation).catch(
      async (error: unknown) => {
        await note(failureNote(input.visit, error, at)).catch(() => undefined);
        throw error;
      },
    );
    await note({ outcome, reasons });
    return seconds === undefined ? { outcome } : { outcome, seconds };
  };
}

/** A visit is named by its state and when that was entered (ISO 8601). */
function enteredAt(visit: string): number {
  return Date.parse(visit.slice(visit.indexOf("@") + 1)) || 0;
}

interface Note {
  readonly visit?: string;
  readonly outcome: string;
  readonly reasons: readonly string[];
}

/**
 * A failed attempt is told too, beside the one that succeeds later; that it cannot be told changes
 * nothing.
 */
function failureNote(visit: string, error: unknown, at: number): Note {
  const { name, message } =
    error instanceof Error ? error : { name: "Error", message: String(error) };
  return { visit: `${visit}!${at}`, outcome: name, reasons: [printable(message)] };
}

/** A function that only stores a token: what it returns is discarded by the state machine. */
export function awaiting(
  world: World,
  name: string,
  work: (input: z.output<typeof awaitSchema>) => Promise<void>,
): LambdaHandler {
  return lambda(world, { name, schema: awaitSchema }, work);
}
