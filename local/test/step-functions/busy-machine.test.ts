import { describe, expect, it, onTestFinished, vi } from "vitest";
import { virtualClock, type VirtualClock } from "../../clock.ts";
import type { InvokeLambda, LambdaReply, TimeLimit } from "../../invocation.ts";
import { createStepFunctions, type StepFunctions } from "../../step-functions/step-functions.ts";
import { aContext } from "./a-cloud.ts";

const machineArn = "arn:aws:states:eu-west-1:111122223333:stateMachine:m";
const task = {
  QueryLanguage: "JSONata",
  StartAt: "T",
  States: {
    T: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "f" },
      TimeoutSeconds: 5,
      Output: "{% $states.result.Payload %}",
      End: true,
    },
  },
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function aService({
  definition,
  invoke,
}: {
  readonly definition: unknown;
  readonly invoke: InvokeLambda;
}): { readonly service: StepFunctions; readonly clock: VirtualClock } {
  const clock = virtualClock();
  return {
    clock,
    service: createStepFunctions(aContext({ clock }), {
      stateMachines: [{ name: "m", roleArn: "arn:role", definition }],
      invoke,
    }),
  };
}

describe("on a busy machine, Step Functions", () => {
  it("lets no time pass for a task whose function waits for its turn", async () => {
    const reply = Promise.withResolvers<LambdaReply>();
    let limit: TimeLimit | undefined;
    const { service, clock } = aService({
      definition: task,
      invoke: ({ timeLimit }) => {
        limit = timeLimit;
        timeLimit.rest();
        return reply.promise;
      },
    });
    const ended = service.executions.waitFor(service.start(machineArn, "{}"));
    await turn();
    clock.advanceTo(clock.now() + 60_000);
    limit?.run();
    clock.advanceTo(clock.now() + 4_000);
    reply.resolve({ kind: "ok", payload: 1 });
    expect(await ended).toMatchObject({ status: "SUCCEEDED", output: "1" });
    limit?.run();
    expect(clock.next()).toBeUndefined();
  });

  it("times a task out that took its time after its turn had come", async () => {
    const { service, clock } = aService({
      definition: task,
      invoke: ({ timeLimit }) => {
        timeLimit.rest();
        clock.at(clock.now() + 60_000, () => timeLimit.run());
        return new Promise(() => undefined);
      },
    });
    const start = clock.now();
    const ended = service.executions.waitFor(service.start(machineArn, "{}"));
    await turn();
    clock.advanceTo(start + 65_000);
    expect(await ended).toMatchObject({
      status: "FAILED",
      error: "States.Timeout",
      stoppedAt: start + 65_000,
    });
  });

  it("judges an expression alike on an idle machine and on one that gives it no time", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (now += 10_000));
    onTestFinished(() => void vi.restoreAllMocks());
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: { A: { Type: "Pass", Output: "{% $sum([1..100]) %}", End: true } },
    };
    const { service } = aService({ definition, invoke: () => new Promise(() => undefined) });
    expect(await service.executions.waitFor(service.start(machineArn, "{}"))).toMatchObject({
      status: "SUCCEEDED",
      output: "5050",
    });
  });
});
