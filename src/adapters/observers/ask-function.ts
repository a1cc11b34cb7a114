import { InvokeCommand } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { lineOf } from "../../domain/cause-text.ts";
import { nameInArn, regionInArn, type ObserverAnswer } from "../../domain/observation.ts";
import { parseJson } from "../../domain/parse-json.ts";
import type { ObservedRelease } from "../../ports/observers.ts";
import type { ObserverClients } from "./observer-clients.ts";
import { unclear } from "./unclear.ts";

const answerSchema = z.object({ healthy: z.boolean(), reason: z.string().optional() });
const maxShown = 500;

/**
 * What the function answers counts; an error in it, or an answer of another form, says nothing of
 * the release.
 */
export async function askFunction(
  { arn, release }: { readonly arn: string; readonly release: ObservedRelease },
  { lambda }: Pick<ObserverClients, "lambda">,
): Promise<ObserverAnswer> {
  const what = `function ${nameInArn(arn)}`;
  try {
    const { FunctionError, Payload } = await lambda(regionInArn(arn)).send(
      new InvokeCommand({ FunctionName: arn, Payload: JSON.stringify(release) }),
    );
    const text = new TextDecoder().decode(Payload);
    return FunctionError === undefined ? judge(what, text) : failed(what, text);
  } catch (error) {
    return unclear(what, error);
  }
}

function judge(what: string, text: string): ObserverAnswer {
  const { data } = answerSchema.safeParse(parseJson(text));
  if (!data) {
    const got = shown(text);
    return { kind: "unclear", reason: `${what} must answer {"healthy": true}, got ${got}` };
  }
  const said = data.reason === undefined ? "" : `: ${shown(data.reason)}`;
  return data.healthy
    ? { kind: "well", reason: `${what} says healthy${said}` }
    : { kind: "unwell", reason: `${what} says not healthy${said}` };
}

function failed(what: string, text: string): ObserverAnswer {
  return { kind: "unclear", reason: `${what} failed: ${shown(text)}` };
}

function shown(text: string): string {
  return lineOf(text, maxShown);
}
