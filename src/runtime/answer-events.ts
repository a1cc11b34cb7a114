import * as z from "zod";
import type { StepResult } from "../promotion/step/step-result.ts";
import { lambda, type LambdaHandler, type LogFields } from "./lambda.ts";
import type { World } from "./world.ts";

export interface EventOptions<Input> {
  readonly schema: z.ZodType<Input>;
  /** What the event is about, for the log: names and digests. */
  readonly about: (input: Input) => LogFields;
}

/**
 * A function that events invoke. Its answer is discarded, so the log has the reasons. An event that
 * it can never accept is logged as refused, which an alarm counts: after an error Lambda would only
 * deliver it two more times.
 */
export function answerEvents<Input>(
  world: World,
  { name, schema, about }: EventOptions<Input> & { readonly name: string },
  work: (input: Input) => Promise<StepResult>,
): LambdaHandler {
  const logFields = (event: unknown): LogFields => {
    const read = schema.safeParse(event);
    return read.success ? about(read.data) : {};
  };
  return lambda(
    world,
    { name, schema: z.unknown(), about: logFields },
    async (event): Promise<StepResult> => {
      const read = schema.safeParse(event);
      return read.success
        ? work(read.data)
        : { outcome: "refused", reasons: [describeRefusal(event, read.error)] };
    },
  );
}

const envelope = z.object({ id: z.string(), "detail-type": z.string() });

function describeRefusal(event: unknown, error: z.ZodError): string {
  const read = envelope.safeParse(event);
  const name = read.success
    ? `the event ${read.data.id} (${read.data["detail-type"]})`
    : "the event";
  return `${name} is not valid input for the function: ${z.prettifyError(error)}`;
}
