import { SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, it } from "vitest";
import { stepFunctionsWorkflow } from "../../../../src/adapters/step-functions/workflow.ts";
import {
  clientOptions,
  exception,
  json,
  scriptedService,
  type Script,
} from "../ecr/scripted-service.ts";

const machine = "arn:aws:states:eu-west-1:111122223333:stateMachine:promotion";
const input = { version: "1.4.2", application: "orderbook", environment: "production" };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function workflowThat(script: Script, stateMachineArn = machine) {
  const server = await scriptedService(script);
  const client = new SFNClient({ ...clientOptions, endpoint: server.origin });
  closing.push(() => server.close());
  const sent = (): unknown => JSON.parse(server.requests[0]?.body.toString() ?? "null");
  return { workflow: stepFunctionsWorkflow({ client, stateMachineArn }), sent };
}

describe("the workflow in Step Functions", () => {
  it("sends the input with its keys in one order, so that the same start has the same bytes", async () => {
    const { workflow, sent } = await workflowThat(() =>
      json({ executionArn: "arn", startDate: 1 }),
    );
    await workflow.start("p-1", input);
    expect(sent()).toEqual({
      stateMachineArn: machine,
      name: "p-1",
      input: '{"application":"orderbook","environment":"production","version":"1.4.2"}',
    });
  });

  // The ARN of an execution names the state machine, whether it was started through a version, an alias or neither (developer guide, "concepts-cwe").
  it.each([machine, `${machine}:7`, `${machine}:live`])(
    "finds an execution of %s under the name of the machine",
    async (arn) => {
      const { workflow, sent } = await workflowThat(() => json({ status: "RUNNING" }), arn);
      expect(await workflow.status("p-1")).toBe("running");
      expect(sent()).toEqual({
        executionArn: "arn:aws:states:eu-west-1:111122223333:execution:promotion:p-1",
      });
    },
  );

  it("counts an execution that waits for its redrive as running", async () => {
    const { workflow } = await workflowThat(() => json({ status: "PENDING_REDRIVE" }));
    expect(await workflow.status("p-1")).toBe("running");
  });

  it("wakes with an empty object, so that nothing can be smuggled in", async () => {
    const { workflow, sent } = await workflowThat(() => json({}));
    expect(await workflow.wake("token")).toBe("woken");
    expect(sent()).toEqual({ taskToken: "token", output: "{}" });
  });

  // Step Functions API reference, SendTaskSuccess: errors.
  it.each(["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])(
    "finds nothing to wake after %s",
    async (name) => {
      const { workflow } = await workflowThat(() => exception(name));
      expect(await workflow.wake("token")).toBe("gone");
    },
  );

  it.each([
    ["ThrottlingException", 400, "WorkflowUnavailable"],
    ["ExecutionLimitExceeded", 400, "WorkflowUnavailable"],
    ["KmsThrottlingException", 400, "WorkflowUnavailable"],
    ["InternalServerError", 500, "WorkflowUnavailable"],
    ["StateMachineDoesNotExist", 400, "WorkflowRefused"],
    ["InvalidName", 400, "WorkflowRefused"],
    ["AccessDeniedException", 400, "WorkflowRefused"],
  ])("calls %s with HTTP %i %s", async (exceptionName, status, name) => {
    const { workflow } = await workflowThat(() => exception(exceptionName, "because", status));
    await expect(workflow.start("p-1", input)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(/p-1.*because; .+/),
    });
  });

  it("can be retried when the connection breaks, and never shows a token", async () => {
    const { workflow } = await workflowThat(() => "drop");
    const error: unknown = await workflow
      .wake("a-token-that-nobody-may-see")
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "WorkflowUnavailable" });
    expect(String(error) + JSON.stringify(error)).not.toContain("a-token-that-nobody-may-see");
  });
});
