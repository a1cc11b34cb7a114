import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { virtualClock } from "@promoter/local-cloud/clock";
import { createActivity } from "@promoter/local-cloud/internal/activity.ts";
import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import { createStepFunctions } from "@promoter/local-cloud/internal/step-functions/step-functions.ts";
import { stepFunctionsWorkflow } from "../../src/adapters/step-functions/workflow.ts";
import { fakeWorkflow } from "../fakes/workflow.ts";
import { workflowContract, type WorkflowWorld } from "./workflow.contract.ts";

workflowContract("the fake", async () => {
  const workflow = fakeWorkflow();
  return {
    workflow,
    executions: async () => workflow.executions().map(({ id, input }) => ({ id, input })),
    end: async (id, status) => workflow.end(id, status),
    async openToken() {
      workflow.openToken("token");
      return "token";
    },
    close: async () => undefined,
  };
});

workflowContract("Step Functions", localStepFunctions);

const machine = "arn:aws:states:eu-west-1:111122223333:stateMachine:promotion";
const lifetime = 3_600;
/** Waits for its token, which the function is handed together with the name of the execution. */
const waits = {
  QueryLanguage: "JSONata",
  StartAt: "Wait",
  TimeoutSeconds: lifetime,
  States: {
    Wait: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      End: true,
      Arguments: {
        FunctionName: "remember",
        Payload: {
          token: "{% $states.context.Task.Token %}",
          id: "{% $states.context.Execution.Name %}",
          input: "{% $states.input %}",
        },
      },
    },
  },
};

interface Waiting {
  readonly token: string;
  readonly id: string;
  readonly input: unknown;
}

async function localStepFunctions(): Promise<WorkflowWorld> {
  const clock = virtualClock();
  const activity = createActivity();
  const waiting = new Map<string, Waiting>();
  const service = createStepFunctions(
    {
      account: "111122223333",
      region: "eu-west-1",
      clock,
      origin: () => "",
      emit: () => undefined,
      track: (work) => activity.track(work),
    },
    {
      stateMachines: [
        {
          name: "promotion",
          arn: machine,
          definition: waits,
          roleArn: "arn:aws:iam::111122223333:role/promotion",
        },
      ],
      async invoke({ payload }) {
        const { id, ...rest } = payload as unknown as Waiting;
        waiting.set(id, { id, ...rest });
        return { kind: "ok", payload: null };
      },
    },
  );
  const gateway = await startGateway({ services: () => [service] });
  const client = new SFNClient({
    region: "eu-west-1",
    endpoint: gateway.origin,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  const workflow = stepFunctionsWorkflow({ client, stateMachineArn: machine });
  const tokenOf = async (id: string): Promise<string> => {
    await activity.idle();
    return waiting.get(id)?.token ?? "";
  };
  const endings = {
    succeeded: async (id: string) =>
      client.send(new SendTaskSuccessCommand({ taskToken: await tokenOf(id), output: "{}" })),
    failed: async (id: string) =>
      client.send(new SendTaskFailureCommand({ taskToken: await tokenOf(id), error: "Failed" })),
    aborted: async (id: string) =>
      client.send(new StopExecutionCommand({ executionArn: arnOf(id) })),
    "timed-out": async () => clock.advanceTo(clock.now() + lifetime * 1_000),
  };
  return {
    workflow,
    async executions() {
      await activity.idle();
      return service.executions.arns
        .map((arn) => arn.slice(arnOf("").length))
        .map((id) => ({ id, input: waiting.get(id)?.input }));
    },
    async end(id, status) {
      await activity.idle();
      await endings[status](id);
      await service.executions.waitFor(arnOf(id));
    },
    async openToken() {
      await workflow.start("waits", {
        application: "orderbook",
        version: "1",
        environment: "production",
      });
      return tokenOf("waits");
    },
    async close() {
      client.destroy();
      await service.close();
      await gateway.close();
    },
  };
}

function arnOf(id: string): string {
  return `arn:aws:states:eu-west-1:111122223333:execution:promotion:${id}`;
}
