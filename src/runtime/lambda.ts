import middy from "@middy/core";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { isPromoterError, PromoterError } from "../domain/errors.ts";
import type { World } from "./world.ts";

export interface Invocation {
  /** When Lambda stops this function at the latest, epoch milliseconds. */
  readonly deadline: number;
}

export type LambdaHandler = (event: unknown, context: Context) => Promise<unknown>;

interface LambdaOptions<Schema extends z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
}

/** The onion around every function: log, time limit, schema. What the middlewares return is nothing: a value would turn a failure into a success. */
export function lambda<Schema extends z.ZodType, Result>(
  world: World,
  { name, schema }: LambdaOptions<Schema>,
  work: (input: z.output<Schema>, invocation: Invocation) => Promise<Result>,
): LambdaHandler {
  const handler = middy<unknown, Result>({ timeoutEarlyInMillis: 500, timeoutEarlyResponse: timeRanOut })
    .use(logged(world, name))
    .handler((event, context) => work(parsed(schema, event), { deadline: world.clock.now() + context.getRemainingTimeInMillis() }));
  return (event, context) => handler(event, context);
}

/** Thrown, so that the state machine sees our own name and tries again. */
function timeRanOut(): never {
  throw new PromoterError("TimeRanOut", "the function's time was almost over; it stopped by itself and will be tried again");
}

function parsed<Schema extends z.ZodType>(schema: Schema, event: unknown): z.output<Schema> {
  const read = schema.safeParse(event);
  if (!read.success) throw new PromoterError("InvalidInput", `the input of the function is not what it accepts: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** One record an invocation. Inputs are not logged: they may carry task tokens and signatures. */
function logged({ clock, log }: World, name: string): middy.MiddlewareObj {
  let started = 0;
  return {
    before: () => { started = clock.now(); },
    after: ({ event, response }) => { log({ level: "info", function: name, ...about(event), ...about(response), took: clock.now() - started }); },
    onError: ({ event, error }) => { log({ level: "error", function: name, ...about(event), ...faultOf(error), took: clock.now() - started }); },
  };
}

const loggedKeys = ["promotion", "visit", "outcome", "statusCode"];

function about(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).filter(([key]) => loggedKeys.includes(key))) : {};
}

function faultOf(error: unknown): Record<string, unknown> {
  if (isPromoterError(error)) return { error: error.name, message: error.message, details: error.details };
  return error instanceof Error ? { error: error.name, message: error.message, stack: error.stack } : { error: "Unknown", message: String(error) };
}
