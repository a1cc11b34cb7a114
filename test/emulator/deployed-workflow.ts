import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { clientSettings } from "./emulator.ts";
import { until } from "./until.ts";

export interface EndedExecution {
  readonly status: string;
  readonly output: unknown;
  /** Which it went through, without those that only choose, oldest first. */
  readonly states: readonly string[];
}

export interface DeployedWorkflow {
  /** Names of its executions. */
  promotions(): Promise<readonly string[]>;
  stop(promotion: string): Promise<void>;
  /** As soon as it has ended. */
  execution(promotion: string): Promise<EndedExecution>;
  close(): void;
}

export function deployedWorkflow(stateMachineArn: string): DeployedWorkflow {
  const client = new SFNClient(clientSettings());
  const arnOf = (promotion: string): string =>
    `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${promotion}`;
  const statesOf = async (executionArn: string): Promise<readonly string[]> => {
    const { events = [] } = await client.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
    );
    return events.flatMap(({ type, stateEnteredEventDetails: entered }) =>
      entered?.name === undefined || type === "ChoiceStateEntered" ? [] : [entered.name],
    );
  };
  return {
    async promotions() {
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
      return executions.map(({ name = "" }) => name);
    },
    async stop(promotion) {
      await client.send(new StopExecutionCommand({ executionArn: arnOf(promotion) }));
    },
    async execution(promotion) {
      const executionArn = arnOf(promotion);
      const { status = "", output = "null" } = await until(async () => {
        const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
        return execution.status === "RUNNING" ? undefined : execution;
      });
      return {
        status,
        output: JSON.parse(output) as unknown,
        states: await statesOf(executionArn),
      };
    },
    close: () => client.destroy(),
  };
}
