import { canonicalJson } from "../../src/domain/hash.ts";
import type { PromotionId } from "../../src/domain/promotion.ts";
import type { ExecutionStatus, Workflow, WorkflowInput } from "../../src/ports/workflow.ts";

export interface FakeExecution {
  readonly id: PromotionId;
  readonly input: WorkflowInput;
  readonly status: ExecutionStatus;
}

export interface FakeWorkflow extends Workflow {
  /** Every execution that was started, in order. */
  executions(): readonly FakeExecution[];
  end(id: PromotionId, status: Exclude<ExecutionStatus, "running">): void;
  /** Somebody waits under that token. */
  openToken(token: string): void;
  /** The tokens that were woken, in order. */
  readonly woken: readonly string[];
  failNext(method: keyof Workflow, error: Error): void;
}

export function fakeWorkflow(): FakeWorkflow {
  const executions = new Map<PromotionId, FakeExecution>();
  const open = new Set<string>();
  const woken: string[] = [];
  const failures = new Map<keyof Workflow, Error[]>();
  const called = (method: keyof Workflow): void => {
    const failure = failures.get(method)?.shift();
    if (failure) throw failure;
  };
  return {
    woken,
    executions: () => [...executions.values()],
    end(id, status) {
      const execution = executions.get(id);
      if (execution) executions.set(id, { ...execution, status });
    },
    openToken: (token) => void open.add(token),
    failNext: (method, error) =>
      void failures.set(method, [...(failures.get(method) ?? []), error]),
    async start(id, input) {
      called("start");
      const there = executions.get(id);
      if (!there) executions.set(id, { id, input, status: "running" });
      // As Step Functions does: the same start while it runs is answered like the first.
      const same =
        there?.status === "running" && canonicalJson(there.input) === canonicalJson(input);
      return !there || same ? "started" : "exists";
    },
    async status(id) {
      called("status");
      return executions.get(id)?.status;
    },
    async wake(token) {
      called("wake");
      if (!open.delete(token)) return "gone";
      woken.push(token);
      return "woken";
    },
  };
}
