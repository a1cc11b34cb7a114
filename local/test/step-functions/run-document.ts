import { virtualClock, type VirtualClock } from "../../clock.ts";
import type { InvokeLambda, LambdaReply } from "../../invocation.ts";
import type { RecordedEvent } from "../../step-functions/executions/history-event.ts";
import { createStepFunctions, type StepFunctions } from "../../step-functions/step-functions.ts";
import { aContext, call } from "./a-cloud.ts";
import type { AslDocument, Happening, Reply } from "./asl-document.ts";

export interface Outcome {
  readonly description: Readonly<Record<string, unknown>>;
  readonly seconds: number;
  readonly history: readonly RecordedEvent[];
  readonly transitions: number;
  readonly invoked: readonly Readonly<Record<string, unknown>>[];
  readonly tokens: readonly string[];
  /** For each happening: the error's name, `ok`, or what was looked at. */
  readonly answers: readonly unknown[];
}

const machineArn = "arn:aws:states:eu-west-1:111122223333:stateMachine:machine";

/** Runs a document from its start to its end, however long that takes on the virtual clock. */
export async function runDocument(document: AslDocument): Promise<Outcome> {
  const clock = virtualClock();
  const functions = scriptedFunctions(document, clock);
  const draws = [...(document.random ?? [])];
  const machine = {
    name: "machine",
    roleArn: "arn:aws:iam::111122223333:role/machine",
    definition: document.definition,
  };
  const service = createStepFunctions(aContext({ clock }), {
    stateMachines: [machine],
    invoke: functions.invoke,
    random: () => draws.shift() ?? 0.999,
  });
  const startedAt = clock.now();
  const arn = service.start(machineArn, JSON.stringify(document.input ?? {}), "run");
  const answers = await playTimeline(document, { service, clock, arn, functions });
  const description = (await call(service, "DescribeExecution", { executionArn: arn })).body;
  return {
    description,
    answers,
    invoked: functions.invoked,
    tokens: functions.tokens,
    seconds: Number(description["stopDate"]) - startedAt / 1_000,
    history: service.executions.history(arn),
    transitions: service.executions.transitions(arn),
  };
}

interface Stage {
  readonly service: StepFunctions;
  readonly clock: VirtualClock;
  readonly arn: string;
  readonly functions: ScriptedFunctions;
}

async function playTimeline(
  { timeline = [] }: AslDocument,
  stage: Stage,
): Promise<readonly unknown[]> {
  const startedAt = stage.clock.now();
  const answers: unknown[] = [];
  for (const happening of timeline) {
    await runUntil(stage.clock, startedAt + happening.at * 1_000);
    answers.push(await happen(happening, stage));
  }
  await runUntil(stage.clock, Infinity);
  return answers;
}

/**
 * Everything that is under way here settles within one turn of the event loop, as nothing reads or
 * listens.
 */
async function runUntil(clock: VirtualClock, end: number): Promise<void> {
  await turn();
  for (let next = clock.next(); next !== undefined && next <= end; next = clock.next()) {
    clock.advanceTo(next);
    await turn();
  }
  if (Number.isFinite(end)) clock.advanceTo(end);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function happen(happening: Happening, { service, arn, functions }: Stage): Promise<unknown> {
  if (happening.look) return { finishedFunctions: functions.finished() };
  const taskToken = happening.forged ?? functions.tokens.at(happening.token ?? -1);
  const [action, request] = requestOf(happening, { taskToken, arn });
  const { status, body } = await call(service, action, request);
  return status === 200 ? "ok" : String(body["__type"]).split("#")[1];
}

function requestOf(
  happening: Happening,
  { taskToken, arn }: { readonly taskToken: string | undefined; readonly arn: string },
): readonly [string, object] {
  if (happening.stop) return ["StopExecution", { executionArn: arn, ...happening.stop }];
  if (happening.heartbeat) return ["SendTaskHeartbeat", { taskToken }];
  if (happening.failure) return ["SendTaskFailure", { taskToken, ...happening.failure }];
  return [
    "SendTaskSuccess",
    { taskToken, output: happening.rawSuccess ?? JSON.stringify(happening.success) },
  ];
}

interface ScriptedFunctions {
  readonly invoke: InvokeLambda;
  readonly invoked: readonly Readonly<Record<string, unknown>>[];
  readonly tokens: readonly string[];
  finished(): number;
}

function scriptedFunctions(
  { functions = {} }: AslDocument,
  clock: VirtualClock,
): ScriptedFunctions {
  const scripts = new Map(Object.entries(functions).map(([name, replies]) => [name, [...replies]]));
  const invoked: Record<string, unknown>[] = [];
  const tokens: string[] = [];
  let finished = 0;
  const invoke: InvokeLambda = async ({ functionName, payload }) => {
    const name = functionName.split(":").at(-1) ?? "";
    invoked.push({ [name]: payload });
    const token = (payload as { readonly token?: unknown } | null)?.token;
    if (typeof token === "string") tokens.push(token);
    const reply = scripts.get(name)?.shift();
    if (!reply) throw new Error(`the document has no further reply of ${name}`);
    if (reply.after !== undefined) {
      await new Promise<void>((resolve) =>
        clock.at(clock.now() + (reply.after ?? 0) * 1_000, resolve),
      );
    }
    finished += 1;
    return answerOf(reply);
  };
  return { invoke, invoked, tokens, finished: () => finished };
}

function answerOf({ ok, okBytes, error, message = "", trace }: Reply): LambdaReply {
  if (error !== undefined) {
    return { kind: "error", errorType: error, errorMessage: message, ...(trace && { trace }) };
  }
  return { kind: "ok", payload: okBytes === undefined ? ok : "x".repeat(okBytes) };
}
