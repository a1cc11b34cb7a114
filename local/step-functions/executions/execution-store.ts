import type { Clock } from "../../clock.ts";
import type { Execution } from "./execution.ts";

/**
 * Executions by ARN. Open ones stay; closed ones as long as AWS keeps them, and not more than
 * `maxClosed`.
 */
export interface ExecutionStore {
  add(execution: Execution): void;
  close(execution: Execution): void;
  find(arn: string): Execution | undefined;
  /** Newest first, as ListExecutions has them. */
  of(stateMachineArn: string): readonly Execution[];
  open(): readonly Execution[];
}

/**
 * "90 days after an execution is closed. After this time, you can no longer retrieve or view the
 * execution history." ("service-quotas")
 */
const retention = 90 * 86_400_000;

export function createExecutionStore(clock: Clock, maxClosed: number): ExecutionStore {
  const open = new Map<string, Execution>();
  const closed = new Map<string, Execution>();

  /** Closed ones stand in the order in which they were closed. */
  function forget(): void {
    for (const [arn, { ending }] of closed) {
      if (closed.size <= maxClosed && (ending?.stoppedAt ?? 0) > clock.now() - retention) return;
      closed.delete(arn);
    }
  }

  return {
    add: (execution) => void open.set(execution.facts.arn, execution),
    close(execution) {
      open.delete(execution.facts.arn);
      closed.set(execution.facts.arn, execution);
      forget();
    },
    find(arn) {
      forget();
      return open.get(arn) ?? closed.get(arn);
    },
    of(stateMachineArn) {
      forget();
      return [...closed.values(), ...open.values()]
        .filter(({ facts }) => facts.stateMachine.arn === stateMachineArn)
        .toSorted((one, other) => other.facts.startedAt - one.facts.startedAt);
    },
    open: () => [...open.values()],
  };
}
