import * as z from "zod";
import type { StateMachine } from "../executions/execution-book.ts";
import { findMachine } from "./find.ts";
import { operation, optionalText, pageFields, text } from "./operation.ts";
import { page } from "./page.ts";

export const stateMachineOperations = {
  DescribeStateMachine: operation({
    access: "read",
    resource: "stateMachineArn",
    shape: z.object({ stateMachineArn: text(256), includedData: optionalText(16) }),
    answer(book, { stateMachineArn }) {
      const machine = findMachine(book, stateMachineArn);
      return {
        ...summary(machine),
        status: "ACTIVE",
        definition: machine.definition.text,
        roleArn: machine.roleArn,
      };
    },
  }),
  ListStateMachines: operation({
    access: "read",
    shape: z.object(pageFields),
    answer(book, paging) {
      const { items, nextToken } = page([...book.machines.values()], ({ arn }) => arn, paging);
      return { stateMachines: items.map(summary), nextToken };
    },
  }),
};

function summary({ arn, name, createdAt }: StateMachine): object {
  return { stateMachineArn: arn, name, type: "STANDARD", creationDate: createdAt / 1_000 };
}
