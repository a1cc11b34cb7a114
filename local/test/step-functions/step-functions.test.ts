import { describe, expect, it } from "vitest";
import { createActivity } from "../../activity.ts";
import { virtualClock } from "../../clock.ts";
import type { InvokeLambda, LambdaReply } from "../../invocation.ts";
import type { CloudEvent } from "../../service.ts";
import { createStepFunctions, type StepFunctions } from "../../step-functions/step-functions.ts";
import { aContext, aRequest, call } from "./a-cloud.ts";

const machineArn = "arn:aws:states:eu-west-1:111122223333:stateMachine:m";
const roleArn = "arn:aws:iam::111122223333:role/m";
const pass = { QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Pass", End: true } } };
const wait = {
  QueryLanguage: "JSONata",
  StartAt: "W",
  States: { W: { Type: "Wait", Seconds: 60, End: true } },
};
const task = {
  QueryLanguage: "JSONata",
  StartAt: "T",
  States: {
    T: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "f" },
      Output: "{% $states.result.Payload %}",
      End: true,
    },
  },
};
const callback = {
  QueryLanguage: "JSONata",
  StartAt: "T",
  States: {
    T: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: { FunctionName: "f", Payload: "{% $states.context.Task.Token %}" },
      End: true,
    },
  },
};

interface Parts {
  readonly definition: unknown;
  readonly invoke?: InvokeLambda;
  readonly keepClosed?: number;
}

function aService({
  definition,
  invoke = async () => ({ kind: "ok", payload: null }),
  keepClosed,
}: Parts) {
  const clock = virtualClock();
  const activity = createActivity();
  const events: CloudEvent[] = [];
  const context = aContext({
    clock,
    emit: (event) => void events.push(event),
    track: (work) => activity.track(work),
  });
  const service = createStepFunctions(context, {
    stateMachines: [{ name: "m", roleArn, definition }],
    invoke,
    ...(keepClosed !== undefined && { keepClosed }),
  });
  return { service, clock, activity, events };
}

describe("the events of executions", () => {
  it("tell that an execution started and how it ended", async () => {
    const { service, activity, events, clock } = aService({ definition: pass });
    const arn = service.start(machineArn, '{"x":1}', "one");
    expect(events).toMatchObject([
      {
        source: "aws.states",
        "detail-type": "Step Functions Execution Status Change",
        resources: [arn],
        detail: { status: "RUNNING" },
      },
    ]);
    await activity.idle();
    // the fields of the samples in developer guide "eventbridge-integration"
    expect(events[1]?.detail).toEqual({
      executionArn: arn,
      stateMachineArn: machineArn,
      name: "one",
      status: "SUCCEEDED",
      startDate: clock.now(),
      stopDate: clock.now(),
      input: '{"x":1}',
      inputDetails: { included: true },
      output: '{"x":1}',
      outputDetails: { included: true },
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
      error: null,
      cause: null,
    });
  });

  it("carry the error of a stopped execution, and come once", async () => {
    const { service, activity, events } = aService({ definition: wait });
    const executionArn = service.start(machineArn, "{}");
    await activity.idle();
    await call(service, "StopExecution", { executionArn, error: "E", cause: "C" });
    await call(service, "StopExecution", { executionArn });
    expect(events.map(({ detail }) => detail["status"])).toEqual(["RUNNING", "ABORTED"]);
    expect(events[1]?.detail).toMatchObject({
      error: "E",
      cause: "C",
      output: null,
      outputDetails: null,
      redriveStatus: "REDRIVABLE",
      redriveStatusReason: "Execution is ABORTED and is redrivable",
    });
  });

  it("name a timeout", async () => {
    const { service, activity, events, clock } = aService({
      definition: { ...wait, TimeoutSeconds: 5 },
    });
    service.start(machineArn, "{}");
    await activity.idle();
    clock.advanceTo(clock.now() + 5_000);
    expect(events.at(-1)?.detail).toMatchObject({ status: "TIMED_OUT", error: "States.Timeout" });
  });

  it("leave out an input that with the output exceeds 248 KiB", async () => {
    const { service, activity, events } = aService({ definition: pass });
    service.start(machineArn, JSON.stringify("x".repeat(130_000)));
    await activity.idle();
    expect(events.map(({ detail }) => detail["inputDetails"])).toEqual([
      { included: true },
      { included: false },
    ]);
    expect(events[1]?.detail).toMatchObject({ input: null, outputDetails: { included: true } });
  });
});

describe("background work", () => {
  it("is under way while a function runs, and not while an execution waits", async () => {
    const reply = Promise.withResolvers<LambdaReply>();
    const { service, activity } = aService({ definition: task, invoke: () => reply.promise });
    service.start(machineArn, "{}");
    await turn();
    expect(activity.underWay).toBe(1);
    reply.resolve({ kind: "ok", payload: 1 });
    await activity.idle();
    expect(activity.underWay).toBe(0);
  });

  it("begins in the same turn in which a timer fires", async () => {
    const { service, activity, clock } = aService({ definition: wait });
    service.start(machineArn, "{}");
    await activity.idle();
    expect(activity.underWay).toBe(0);
    clock.advanceTo(clock.next() ?? 0);
    expect(activity.underWay).toBe(1);
  });

  it("leaves no timer behind when an execution has ended", async () => {
    const { service, activity, clock } = aService({ definition: task });
    service.start(machineArn, "{}");
    await activity.idle();
    expect(clock.next()).toBeUndefined();
  });

  it("leaves no timer of a token that came back", async () => {
    let taskToken: unknown;
    const states = {
      T: { ...callback.States.T, TimeoutSeconds: 500, Next: "W", End: undefined },
      W: { Type: "Wait", Seconds: 1_000, End: true },
    };
    const { service, activity, clock } = aService({
      definition: { ...callback, States: states },
      invoke: async ({ payload }) => {
        taskToken = payload;
        return { kind: "ok", payload: null };
      },
    });
    service.start(machineArn, "{}");
    await activity.idle();
    await call(service, "SendTaskSuccess", { taskToken, output: "1" });
    await activity.idle();
    expect(clock.next()).toBe(clock.now() + 1_000_000);
  });

  it("is given up when the service closes: timers go, functions are notified", async () => {
    let told: AbortSignal | undefined;
    const { service, activity, clock, events } = aService({
      definition: callback,
      invoke: async ({ signal }) => {
        told = signal;
        return { kind: "ok", payload: null };
      },
    });
    service.start(machineArn, "{}");
    await activity.idle();
    await service.close();
    await activity.idle();
    expect([clock.next(), told?.aborted, activity.underWay]).toEqual([undefined, true, 0]);
    expect(events.map(({ detail }) => detail["status"])).toEqual(["RUNNING"]);
  });

  it("does not tell a function when only its execution is stopped", async () => {
    let told: AbortSignal | undefined;
    const reply = Promise.withResolvers<LambdaReply>();
    const { service, activity } = aService({
      definition: task,
      invoke: ({ signal }) => {
        told = signal;
        return reply.promise;
      },
    });
    const executionArn = service.start(machineArn, "{}");
    await turn();
    await call(service, "StopExecution", { executionArn });
    expect(told?.aborted).toBe(false);
    const before = service.executions.history(executionArn).length;
    reply.resolve({ kind: "ok", payload: 1 });
    await activity.idle();
    expect(service.executions.history(executionArn)).toHaveLength(before);
  });

  it("reports a port that throws as an error of the Lambda service", async () => {
    const { service } = aService({
      definition: task,
      invoke: async () => {
        throw new Error("no such process");
      },
    });
    const ending = await service.executions.waitFor(service.start(machineArn, "{}"));
    expect(ending).toMatchObject({
      status: "FAILED",
      error: "Lambda.Unknown",
      cause: "no such process",
    });
  });

  it("runs many executions of one machine side by side without mixing them up", async () => {
    const { service, activity, clock } = aService({
      definition: {
        QueryLanguage: "JSONata",
        StartAt: "A",
        States: {
          A: { Type: "Pass", Assign: { own: "{% $states.input %}" }, Next: "W" },
          W: { Type: "Wait", Seconds: "{% $own %}", Next: "B" },
          B: { Type: "Pass", Output: "{% $own * 2 %}", End: true },
        },
      },
    });
    const arns = Array.from({ length: 200 }, (_, index) =>
      service.start(machineArn, String(index % 50)),
    );
    await activity.idle();
    for (let next = clock.next(); next !== undefined; next = clock.next()) {
      clock.advanceTo(next);
      await activity.idle();
    }
    const endings = await Promise.all(arns.map((arn) => service.executions.waitFor(arn)));
    expect(
      endings.map((ending) => (ending.status === "SUCCEEDED" ? ending.output : ending.status)),
    ).toEqual(arns.map((_, index) => String((index % 50) * 2)));
  });
});

describe("closed executions", () => {
  it("are forgotten, oldest first, when there are more than are kept", async () => {
    const { service, activity } = aService({ definition: pass, keepClosed: 3 });
    const arns: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      arns.push(service.start(machineArn, "{}"));
      await activity.idle();
    }
    expect(new Set(service.executions.arns)).toEqual(new Set(arns.slice(2)));
    expect(
      (await call(service, "DescribeExecution", { executionArn: arns[0] })).body["__type"],
    ).toContain("ExecutionDoesNotExist");
  });

  it("never push out one that runs", async () => {
    const { service, activity } = aService({ definition: wait, keepClosed: 0 });
    const running = service.start(machineArn, "{}");
    const stopped = service.start(machineArn, "{}");
    await activity.idle();
    await call(service, "StopExecution", { executionArn: stopped });
    expect(service.executions.arns).toEqual([running]);
  });

  it("free their name after 90 days", async () => {
    const { service, activity, clock } = aService({ definition: pass });
    const start = { stateMachineArn: machineArn, name: "again", input: "{}" };
    await call(service, "StartExecution", start);
    await activity.idle();
    clock.advanceTo(clock.now() + 90 * 86_400_000 - 1);
    expect((await call(service, "StartExecution", start)).body["__type"]).toContain(
      "ExecutionAlreadyExists",
    );
    clock.advanceTo(clock.now() + 1);
    expect((await call(service, "StartExecution", start)).status).toBe(200);
  });

  it("keep their history", async () => {
    const { service, activity } = aService({ definition: pass });
    const arn = service.start(machineArn, '{"ä":"😀"}');
    await activity.idle();
    expect(service.executions.history(arn).map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "PassStateEntered",
      "PassStateExited",
      "ExecutionSucceeded",
    ]);
    expect(service.executions.history(arn)[0]?.details.executionStartedEventDetails?.input).toBe(
      '{"ä":"😀"}',
    );
  });
});

// developer guide "workflow-variables": "The total size of all stored variables cannot exceed 10MiB per execution."
describe("variables of more than 10 MiB", () => {
  it.each([
    [41, "SUCCEEDED"],
    [42, "FAILED"],
  ])("in %i states of 250,000 bytes: %s", async (count, status) => {
    const states = Array.from({ length: count }, (_, index) => [
      `S${index}`,
      {
        Type: "Pass",
        Assign: { [`v${index}`]: "{% $pad('', 250000, 'x') %}" },
        ...(index === count - 1 ? { End: true } : { Next: `S${index + 1}` }),
      },
    ]);
    const { service } = aService({
      definition: { QueryLanguage: "JSONata", StartAt: "S0", States: Object.fromEntries(states) },
    });
    expect((await service.executions.waitFor(service.start(machineArn, "{}"))).status).toBe(status);
  });
});

describe("the view of IAM", () => {
  const execution = "arn:aws:states:eu-west-1:111122223333:execution:m:x";

  it.each([
    ["StartExecution", { stateMachineArn: machineArn }, machineArn, "write"],
    ["DescribeExecution", { executionArn: execution }, execution, "read"],
    ["StopExecution", { executionArn: execution }, execution, "write"],
    ["GetExecutionHistory", { executionArn: execution }, execution, "read"],
    ["ListExecutions", { stateMachineArn: machineArn }, machineArn, "read"],
    ["SendTaskSuccess", { taskToken: "forged", output: "1" }, "*", "write"],
  ])("of %s", (action, body, resource, access) => {
    const { service } = aService({ definition: pass });
    expect(service.operation(aRequest(action, body))).toEqual({
      action: `states:${action}`,
      resources: [resource],
      access,
    });
  });

  it.each(["SendTaskSuccess", "SendTaskFailure"])(
    "of %s is the state machine of the token",
    async (action) => {
      let taskToken = "";
      const { service, activity } = aService({
        definition: callback,
        invoke: async ({ payload }) => {
          taskToken = typeof payload === "string" ? payload : "";
          return { kind: "ok", payload: null };
        },
      });
      service.start(machineArn, "{}");
      await activity.idle();
      expect(service.operation(aRequest(action, { taskToken }))).toMatchObject({
        action: `states:${action}`,
        resources: [machineArn],
      });
    },
  );

  it("has nothing to say of what is not an action", () => {
    const { service } = aService({ definition: pass });
    expect(service.operation(aRequest("CreateStateMachine", {}))).toBeUndefined();
    expect(service.operation(aRequest("StartExecution", "no json"))).toBeUndefined();
  });
});

describe("the protocol", () => {
  it("names an error in the body and in the header", async () => {
    const { service } = aService({ definition: pass });
    const { status, headers, body } = await call(service, "StartExecution", {
      stateMachineArn: `${machineArn}x`,
    });
    expect(status).toBe(400);
    expect(headers).toMatchObject({
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-errortype": "StateMachineDoesNotExist",
    });
    expect(body).toEqual({
      __type: "com.amazonaws.swf.service.v2.model#StateMachineDoesNotExist",
      message: `State Machine Does Not Exist: '${machineArn}x'`,
    });
  });

  it.each(["", "[]", "{"])("refuses the body %j", async (text) => {
    const { service } = aService({ definition: pass });
    expect((await call(service, "StartExecution", text)).status).toBe(400);
  });
});

describe("loading", () => {
  it("names the state machine and every fault", () => {
    const faulty = {
      ...pass,
      StartAt: "B",
      States: { A: { Type: "Pass", Output: "{% ( %}", End: true } },
    };
    expect(() => aService({ definition: faulty })).toThrow(
      /^state machine m:\nthe state machine: StartAt[^\n]*\nstate "A": no other[^\n]*\nstate "A": Output: JSONata syntax error/,
    );
  });

  it("refuses a definition of more than 1 MB", () => {
    expect(() => aService({ definition: { ...pass, Comment: "x".repeat(1_048_576) } })).toThrow(
      "larger than 1048576 bytes",
    );
  });

  it("refuses what is not JSON", () => {
    expect(() => aService({ definition: "StartAt: A" })).toThrow("the definition is not JSON");
  });
});

describe("the controls", () => {
  it.each([
    ["waitFor", (service: StepFunctions) => service.executions.waitFor("arn:x")],
    ["history", async (service: StepFunctions) => service.executions.history("arn:x")],
    ["start", async (service: StepFunctions) => service.start("arn:x", "{}")],
  ])("%s knows no unknown ARN", async (_name, use) => {
    await expect(use(aService({ definition: pass }).service)).rejects.toThrow("there is no");
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
