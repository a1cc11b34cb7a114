import { randomUUID } from "node:crypto";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { cutOff } from "../domain/bounded.ts";
import { isPromoterError, PromoterError } from "../domain/errors.ts";
import { runInTime, type Invocation } from "./invocation.ts";
import type { World } from "./world.ts";

export type LambdaHandler = (event: unknown, context: Context) => Promise<unknown>;

export interface LambdaOptions<Schema extends z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
  /** The part of the input that is logged; by default the promotion and the visit. */
  readonly about?: (event: unknown) => LogFields;
  /**
   * An answer is possible only where a late call of the function does no harm: in functions that
   * only read.
   */
  readonly whenTimeRunsOut?: "exit" | "answer";
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Reserved at the end of a function's time for its own ending, milliseconds. */
const spare = 500;
/** A timer may fire a millisecond early. */
const early = 2;

/**
 * The onion around every function: log, time limit, schema. Middlewares return nothing: a value
 * would turn a failure into a success. When its time runs out the function exits without an answer,
 * unless it only reads.
 */
export function lambda<Schema extends z.ZodType, Result>(
  world: World,
  {
    name,
    schema,
    whenTimeRunsOut = "exit",
    about = (event) => pick(event, ["promotion", "visit"]),
  }: LambdaOptions<Schema>,
  work: (input: z.output<Schema>, invocation: Invocation) => Promise<Result>,
): LambdaHandler {
  const handler = middy<unknown, Result>({ timeoutEarlyInMillis: 0 })
    .use(logging(world, { name, about }))
    .handler((event, context) => {
      const invocation = invocationOf(context, world);
      return runInTime(world, invocation, async () => work(parse(schema, event), invocation));
    });
  return (event, context) =>
    handler(event, context).catch((error: unknown) => {
      if (whenTimeRunsOut === "answer" || context.getRemainingTimeInMillis() > spare + early) {
        throw error;
      }
      return exitOf(world);
    });
}

function invocationOf(context: Context, { clock }: World): Invocation {
  const { awsRequestId } = context;
  return {
    invocation: `${awsRequestId}/${randomUUID()}`,
    deadline: clock.now() + context.getRemainingTimeInMillis() - spare,
  };
}

/** The caller gets the exit instead of an answer. */
function exitOf({ exit }: World): Promise<never> {
  exit();
  return new Promise(() => undefined);
}

function parse<Schema extends z.ZodType>(schema: Schema, event: unknown): z.output<Schema> {
  const read = schema.safeParse(event);
  if (!read.success) {
    throw new PromoterError(
      "InvalidInput",
      `the input of the function is not valid: ${z.prettifyError(read.error)}`,
    );
  }
  return read.data;
}

/** One record per invocation. Inputs are not logged: they may carry task tokens and signatures. */
function logging(
  { clock, log }: World,
  { name, about }: { readonly name: string; readonly about: (event: unknown) => LogFields },
): middy.MiddlewareObj {
  let started = 0;
  return {
    before: () => {
      started = clock.now();
    },
    after: ({ event, response }) => {
      log({
        level: levelOf(response),
        function: name,
        ...about(event),
        ...pick(response, ["promotion", "outcome", "statusCode", "reasons"]),
        took: clock.now() - started,
      });
    },
    onError: ({ event, error }) => {
      log({
        level: "error",
        function: name,
        ...about(event),
        ...faultOf(error),
        took: clock.now() - started,
      });
    },
  };
}

/** Only event functions answer `refused`. */
function levelOf(response: unknown): "info" | "error" {
  return pick(response, ["outcome"])["outcome"] === "refused" ? "error" : "info";
}

function pick(value: unknown, keys: readonly string[]): LogFields {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]: readonly [string, unknown]) =>
      keys.includes(key) ? [[key, bounded(field)]] : [],
    ),
  );
}

const maxTextLength = 500;
const maxTexts = 20;

/** Some of it comes from outside, and `reconcile` has a reason for everything that it repairs. */
function bounded(field: unknown): unknown {
  if (typeof field === "string") return cutOff(field, maxTextLength);
  if (!Array.isArray(field)) return typeof field === "object" ? undefined : field;
  const texts = field.slice(0, maxTexts).map(bounded);
  return field.length > maxTexts ? [...texts, `and ${field.length - maxTexts} more`] : texts;
}

function faultOf(error: unknown): Record<string, unknown> {
  if (isPromoterError(error)) {
    return { error: error.name, message: error.message, details: error.details };
  }
  return error instanceof Error
    ? { error: error.name, message: error.message, stack: error.stack }
    : { error: "Unknown", message: String(error) };
}
