import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  InvalidArn,
  InvalidExecutionInput,
  InvalidName,
  InvalidOutput,
  InvalidToken,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  ValidationException,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createActivity } from "../../activity.ts";
import { virtualClock } from "../../clock.ts";
import { createStepFunctions } from "../../step-functions/step-functions.ts";
import { aContext, aRequest } from "./a-cloud.ts";

const clock = virtualClock();
const activity = createActivity();
const tokens: string[] = [];
const waiting = {
  QueryLanguage: "JSONata",
  StartAt: "Ask",
  States: {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: { FunctionName: "ask", Payload: "{% $states.context.Task.Token %}" },
      End: true,
    },
  },
};
const service = createStepFunctions(aContext({ clock, track: (work) => activity.track(work) }), {
  stateMachines: [
    { name: "asks", roleArn: "arn:aws:iam::111122223333:role/asks", definition: waiting },
    {
      name: "passes",
      roleArn: "arn:aws:iam::111122223333:role/passes",
      definition: {
        QueryLanguage: "JSONata",
        StartAt: "A",
        States: { A: { Type: "Pass", End: true } },
      },
    },
  ],
  invoke: async ({ payload }) => {
    if (typeof payload === "string") tokens.push(payload);
    return { kind: "ok", payload: null };
  },
  keepClosed: 20,
});
const asks = "arn:aws:states:eu-west-1:111122223333:stateMachine:asks";
const passes = "arn:aws:states:eu-west-1:111122223333:stateMachine:passes";

const server = createServer((incoming, response) => void serve(incoming, response));
let client: SFNClient;

async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const answer = await service.handle(
    aRequest("", await buffer(incoming).then(String), { method: incoming.method ?? "", headers }),
  );
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  client = new SFNClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await service.close();
  await new Promise((resolve) => server.close(resolve));
});

async function started(
  stateMachineArn: string,
  request: { readonly name?: string; readonly input?: string } = {},
): Promise<string> {
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn, ...request }),
  );
  await activity.idle();
  return executionArn ?? "";
}

async function aToken(): Promise<string> {
  await started(asks);
  return tokens.at(-1) ?? "";
}

describe("the unchanged SDK client", () => {
  it("starts an execution once for the same name and input while it runs", async () => {
    const first = await client.send(
      new StartExecutionCommand({ stateMachineArn: asks, name: "once", input: '{"a":1}' }),
    );
    clock.advanceTo(clock.now() + 5_000);
    const second = await client.send(
      new StartExecutionCommand({ stateMachineArn: asks, name: "once", input: '{"a":1}' }),
    );
    expect(second.executionArn).toBe("arn:aws:states:eu-west-1:111122223333:execution:asks:once");
    expect([second.executionArn, second.startDate]).toEqual([first.executionArn, first.startDate]);
  });

  it("gets ExecutionAlreadyExists for another input, and for a name that has ended", async () => {
    await started(asks, { name: "taken", input: '{"a":1}' });
    const other = new StartExecutionCommand({
      stateMachineArn: asks,
      name: "taken",
      input: '{"a": 1}',
    });
    await expect(client.send(other)).rejects.toBeInstanceOf(ExecutionAlreadyExists);
    await started(passes, { name: "ended", input: "{}" });
    const again = client.send(
      new StartExecutionCommand({ stateMachineArn: passes, name: "ended", input: "{}" }),
    );
    await expect(again).rejects.toThrow(
      "Execution Already Exists: 'arn:aws:states:eu-west-1:111122223333:execution:passes:ended'",
    );
  });

  // the characters that API reference "StartExecution" lists
  it.each([
    "with space",
    "a:b",
    "a/b",
    "a<b",
    "a{b",
    "a[b",
    "a?b",
    "a*b",
    'a"b',
    "a#b",
    "a%b",
    "a\\b",
    "a^b",
    "a|b",
    "a~b",
    "a`b",
    "a$b",
    "a&b",
    "a,b",
    "a;b",
    "a\u0001b",
    "a😀b",
    "x".repeat(81),
  ])("gets InvalidName for %j", async (name) => {
    await expect(
      client.send(new StartExecutionCommand({ stateMachineArn: passes, name })),
    ).rejects.toBeInstanceOf(InvalidName);
  });

  it.each([
    [
      "an input that is not JSON",
      () => new StartExecutionCommand({ stateMachineArn: passes, input: "{" }),
      InvalidExecutionInput,
    ],
    [
      "an input of more than 262,144 bytes",
      () =>
        new StartExecutionCommand({
          stateMachineArn: passes,
          input: JSON.stringify("ä".repeat(131_072)),
        }),
      ValidationException,
    ],
    [
      "a state machine that is not there",
      () => new StartExecutionCommand({ stateMachineArn: `${asks}x` }),
      StateMachineDoesNotExist,
    ],
    [
      "an ARN of something else",
      () => new StartExecutionCommand({ stateMachineArn: "arn:aws:lambda:eu-west-1:1:function:f" }),
      InvalidArn,
    ],
    [
      "an execution that is not there",
      () =>
        new DescribeExecutionCommand({
          executionArn: `${asks.replace("stateMachine", "execution")}:none`,
        }),
      ExecutionDoesNotExist,
    ],
    [
      "the history of an execution that is not there",
      () =>
        new GetExecutionHistoryCommand({
          executionArn: `${asks.replace("stateMachine", "execution")}:none`,
        }),
      ExecutionDoesNotExist,
    ],
    [
      "a page of more than 1,000",
      () => new ListExecutionsCommand({ stateMachineArn: asks, maxResults: 1_001 }),
      ValidationException,
    ],
    [
      "a page token that was never issued",
      () => new ListExecutionsCommand({ stateMachineArn: asks, nextToken: "x" }),
      InvalidToken,
    ],
    [
      "a missing token",
      () => new SendTaskFailureCommand({ taskToken: undefined }),
      ValidationException,
    ],
    [
      "a token of more than 2,048 characters",
      () => new SendTaskFailureCommand({ taskToken: "x".repeat(2_049) }),
      ValidationException,
    ],
    [
      "a forged token",
      () => new SendTaskSuccessCommand({ taskToken: "AQ.e30.e30", output: "1" }),
      InvalidToken,
    ],
  ] as const)("gets its typed exception for %s", async (_what, command, exception) => {
    await expect(client.send(command() as StartExecutionCommand)).rejects.toBeInstanceOf(exception);
  });

  it.each([
    [
      "DescribeStateMachine",
      () => client.send(new DescribeStateMachineCommand({ stateMachineArn: asks })),
    ],
    ["RedriveExecution", () => client.send(new RedriveExecutionCommand({ executionArn: "arn" }))],
    ["SendTaskHeartbeat", () => client.send(new SendTaskHeartbeatCommand({ taskToken: "token" }))],
  ])(
    "gets UnknownOperationException for %s, which this cloud does not support",
    async (name, send) => {
      await expect(send()).rejects.toMatchObject({
        name: "UnknownOperationException",
        message: `the local cloud does not support states:${name}: nothing that the promoter ships uses it`,
      });
    },
  );

  it("describes an execution while it runs and after it failed", async () => {
    const executionArn = await started(asks, { name: "described", input: '{"b": 2}' });
    const running = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(running).toMatchObject({
      executionArn,
      stateMachineArn: asks,
      name: "described",
      status: "RUNNING",
      input: '{"b": 2}',
      redriveCount: 0,
      redriveStatus: "NOT_REDRIVABLE",
      startDate: new Date(clock.now()),
    });
    expect(running.stopDate).toBeUndefined();
    clock.advanceTo(clock.now() + 1_500);
    await client.send(
      new SendTaskFailureCommand({ taskToken: tokens.at(-1), error: "No", cause: "because" }),
    );
    await activity.idle();
    const failed = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(failed).toMatchObject({
      status: "FAILED",
      error: "No",
      cause: "because",
      redriveStatus: "REDRIVABLE",
      stopDate: new Date(clock.now()),
    });
  });

  it("stops an execution, which stays as it was stopped first", async () => {
    const executionArn = await started(asks, { name: "stopped" });
    const { stopDate } = await client.send(
      new StopExecutionCommand({ executionArn, error: "E", cause: "C" }),
    );
    clock.advanceTo(clock.now() + 1_000);
    const again = await client.send(new StopExecutionCommand({ executionArn, error: "other" }));
    expect(again.stopDate).toEqual(stopDate);
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: "ABORTED",
      error: "E",
      cause: "C",
    });
  });

  it("brings a token back once", async () => {
    const taskToken = await aToken();
    await expect(
      client.send(new SendTaskSuccessCommand({ taskToken, output: "no json" })),
    ).rejects.toBeInstanceOf(InvalidOutput);
    await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' }));
    await expect(
      client.send(new SendTaskSuccessCommand({ taskToken, output: "1" })),
    ).rejects.toBeInstanceOf(TaskTimedOut);
    await expect(client.send(new SendTaskFailureCommand({ taskToken }))).rejects.toThrow(
      "Task Timed Out: 'Provided task does not exist anymore'",
    );
  });

  it("gets a token longer than a small field holds, and not longer than the API takes", async () => {
    const token = await aToken();
    expect(token.length).toBeGreaterThan(500);
    expect(token.length).toBeLessThanOrEqual(2_048);
  });

  it("gets TaskDoesNotExist for a token whose execution is forgotten", async () => {
    const taskToken = await aToken();
    await client.send(new SendTaskSuccessCommand({ taskToken, output: "1" }));
    for (let count = 0; count < 20; count += 1) await started(passes);
    await expect(client.send(new SendTaskFailureCommand({ taskToken }))).rejects.toBeInstanceOf(
      TaskDoesNotExist,
    );
  });

  it("pages through executions, newest first, by status", async () => {
    const arns: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      clock.advanceTo(clock.now() + 1_000);
      arns.unshift(await started(passes, { name: `page-${count}` }));
    }
    const one = await client.send(
      new ListExecutionsCommand({
        stateMachineArn: passes,
        statusFilter: "SUCCEEDED",
        maxResults: 2,
      }),
    );
    await started(passes, { name: "in-between" });
    const two = await client.send(
      new ListExecutionsCommand({
        stateMachineArn: passes,
        statusFilter: "SUCCEEDED",
        maxResults: 3,
        nextToken: one.nextToken,
      }),
    );
    const listed = [...(one.executions ?? []), ...(two.executions ?? [])];
    expect(listed.map(({ executionArn }) => executionArn)).toEqual(arns);
    expect(listed[0]).toMatchObject({
      name: "page-4",
      status: "SUCCEEDED",
      stateMachineArn: passes,
      startDate: expect.any(Date),
      stopDate: expect.any(Date),
    });
    const running = await client.send(
      new ListExecutionsCommand({ stateMachineArn: passes, statusFilter: "RUNNING" }),
    );
    expect([running.executions, running.nextToken]).toEqual([[], undefined]);
  });

  it("reads a history in pages, in either order, with or without data", async () => {
    const executionArn = await started(passes, { name: "history", input: '{"x":1}' });
    const first = await client.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 3 }),
    );
    const rest = await client.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 3, nextToken: first.nextToken }),
    );
    expect(
      [...(first.events ?? []), ...(rest.events ?? [])].map(({ id, type }) => [id, type]),
    ).toEqual([
      [1, "ExecutionStarted"],
      [2, "PassStateEntered"],
      [3, "PassStateExited"],
      [4, "ExecutionSucceeded"],
    ]);
    expect(first.events?.[1]).toMatchObject({
      timestamp: new Date(clock.now()),
      previousEventId: 0,
      stateEnteredEventDetails: { name: "A", input: '{"x":1}', inputDetails: { truncated: false } },
    });
    expect(rest.nextToken).toBeUndefined();
    const reverse = await client.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true }),
    );
    expect(reverse.events?.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
    await expect(
      client.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false })),
    ).rejects.toThrow("the local cloud does not support histories without data");
  });
});
