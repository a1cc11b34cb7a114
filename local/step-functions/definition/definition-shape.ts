import * as z from "zod";
import { unsupported } from "../../unsupported.ts";
import { nameType, refusedArguments } from "./unsupported-features.ts";

/**
 * The fields that this interpreter knows, and no others: what it does not know it refuses by name.
 * Limits: developer guide "concepts-error-handling", "state-task", "state-wait".
 */
const text = z.string();
const json = z.json();
const comment = text.optional();
const queryLanguage = z.literal("JSONata", { error: "only QueryLanguage JSONata is implemented" });
const assign = z.record(text, json).optional();
const seconds = z.int().min(1).max(99_999_999);
const expression = z
  .string()
  .regex(/^\{%.*%\}$/s, { error: "must be a number or an expression between {% and %}" });
/** AWS takes an expression here as well. */
const constant = text.refine((value) => !value.startsWith("{%"), {
  error: unsupported("expressions in a Fail state"),
});

const common = { Comment: comment, QueryLanguage: queryLanguage.optional() };
const onwards = { Next: text.optional(), End: z.boolean().optional() };
const leaves = { Assign: assign, Output: json.optional() };

const retrier = z.strictObject({
  Comment: comment,
  ErrorEquals: z.array(text).min(1),
  IntervalSeconds: z.int().min(1).max(99_999_999).default(1),
  MaxAttempts: z.int().min(0).max(99_999_999).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).default(Infinity),
  JitterStrategy: z.enum(["FULL", "NONE"]).default("NONE"),
});
const catcher = z.strictObject({
  Comment: comment,
  ErrorEquals: z.array(text).min(1),
  Next: text,
  ...leaves,
});
const fallible = { Retry: z.array(retrier).default([]), Catch: z.array(catcher).default([]) };

const pass = z.strictObject({ Type: z.literal("Pass"), ...common, ...onwards, ...leaves });
const succeed = z.strictObject({ Type: z.literal("Succeed"), ...common, Output: json.optional() });
const fail = z.strictObject({
  Type: z.literal("Fail"),
  ...common,
  Error: constant.optional(),
  Cause: constant.optional(),
});
const wait = z.strictObject({
  Type: z.literal("Wait"),
  ...common,
  ...onwards,
  ...leaves,
  Seconds: z.union([z.int().min(0).max(99_999_999), expression]),
});
const task = z.strictObject({
  Type: z.literal("Task"),
  ...common,
  ...onwards,
  ...leaves,
  ...fallible,
  Resource: text.regex(/^arn:aws(?:-[a-z]+)*:states:::lambda:invoke(?:\.waitForTaskToken)?$/, {
    error: ({ input }) => unsupported(`the Resource ${String(input)}`),
  }),
  Arguments: z.record(text, json, { error: refusedArguments }),
  TimeoutSeconds: z.union([seconds, expression]).optional(),
});
const choice = z.strictObject({
  Type: z.literal("Choice"),
  ...common,
  ...leaves,
  Choices: z
    .array(
      z.strictObject({
        Comment: comment,
        Condition: z.union([z.boolean(), text]),
        Next: text,
        ...leaves,
      }),
    )
    .min(1),
  Default: text.optional(),
});

export const stateShape = z.discriminatedUnion("Type", [pass, succeed, fail, wait, task, choice], {
  error: ({ input }) => nameType((input as { Type?: unknown }).Type),
});

const states = z.record(
  text.min(1).max(80, { error: "a state name has at most 80 characters" }),
  z.unknown(),
);
export const machineShape = z.strictObject({
  Comment: comment,
  StartAt: text,
  States: states,
  QueryLanguage: z.literal("JSONata", {
    error: "only JSONata is implemented; without a QueryLanguage the definition is JSONPath",
  }),
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
});

export type StateShape = z.output<typeof stateShape>;
export type ShapeOf<K extends StateShape["Type"]> = Extract<StateShape, { readonly Type: K }>;
