import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ExecutionStatus, Workflow } from "../../src/ports/workflow.ts";

export interface WorkflowWorld {
  readonly workflow: Workflow;
  /** Names and inputs of all executions that were ever started, oldest first. */
  executions(): Promise<readonly { readonly id: string; readonly input: unknown }[]>;
  end(id: string, status: Exclude<ExecutionStatus, "running">): Promise<void>;
  /** A token under which an execution waits. */
  openToken(): Promise<string>;
  close(): Promise<void>;
}

const id = "p-0123456789abcdef0123456789abcdef01234567-1";
const input = { application: "orderbook", version: "1.4.2", environment: "production", set: "f00" };

/** What every workflow promises; it starts without executions. */
export function workflowContract(name: string, makeWorld: () => Promise<WorkflowWorld>): void {
  describe(`${name} as workflow`, () => {
    let world: WorkflowWorld;
    beforeEach(async () => void (world = await makeWorld()));
    afterEach(() => world.close());

    it("starts an execution of that name with that input", async () => {
      expect(await world.workflow.start(id, input)).toBe("started");
      expect(await world.executions()).toEqual([{ id, input }]);
      expect(await world.workflow.status(id)).toBe("running");
    });

    // Step Functions API reference, StartExecution: the same name and input while it runs is answered like the first start.
    it("starts nothing when the same start comes twice", async () => {
      await world.workflow.start(id, input);
      await world.workflow.start(id, input);
      expect(await world.executions()).toHaveLength(1);
    });

    it("writes the same input the same way, in whatever order its fields come", async () => {
      await world.workflow.start(id, input);
      const { set, application, version, environment } = input;
      expect(await world.workflow.start(id, { set, environment, version, application })).toBe(
        "started",
      );
    });

    it("says that there is one when the input differs", async () => {
      await world.workflow.start(id, input);
      expect(await world.workflow.start(id, { ...input, version: "1.4.3" })).toBe("exists");
      expect(await world.executions()).toEqual([{ id, input }]);
    });

    it("says that there is one when the name has run before", async () => {
      await world.workflow.start(id, input);
      await world.end(id, "succeeded");
      expect(await world.workflow.start(id, input)).toBe("exists");
    });

    it.each(["succeeded", "failed", "timed-out", "aborted"] as const)(
      "tells that an execution has %s",
      async (status) => {
        await world.workflow.start(id, input);
        await world.end(id, status);
        expect(await world.workflow.status(id)).toBe(status);
      },
    );

    it("knows nothing of an execution that was never started", async () => {
      expect(await world.workflow.status(id)).toBeUndefined();
    });

    it("wakes whoever waits under a token once", async () => {
      const token = await world.openToken();
      expect(await world.workflow.wake(token)).toBe("woken");
      expect(await world.workflow.wake(token)).toBe("gone");
    });

    it("finds no wait under a token that it does not know", async () => {
      expect(await world.workflow.wake("not-a-token")).toBe("gone");
    });
  });
}
