import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { clientSettings } from "./emulator.ts";

export interface DeployedFunctions {
  names(): Promise<readonly string[]>;
  /**
   * What the function answers; throws with its message what it fails on. `name` as in
   * `show-status`.
   */
  invoke(name: string, payload: unknown): Promise<unknown>;
  /** As events are invoked: nobody waits for the answer. */
  hand(name: string, payload: unknown): Promise<void>;
  /**
   * As somebody may in the console, for all functions or for those that are named; what was there
   * stays.
   */
  addEnvironment(
    variables: Readonly<Record<string, string>>,
    only?: readonly string[],
  ): Promise<void>;
  close(): void;
}

const prefix = "promoter-test-";

export function deployedFunctions(): DeployedFunctions {
  const client = new LambdaClient(clientSettings());
  const names = async (): Promise<readonly string[]> => {
    const { Functions = [] } = await client.send(new ListFunctionsCommand({ MaxItems: 50 }));
    return Functions.map(({ FunctionName = "" }) => FunctionName.replace(prefix, ""));
  };
  return {
    names,
    async invoke(name, payload) {
      const answer = await client.send(
        new InvokeCommand({ FunctionName: prefix + name, Payload: JSON.stringify(payload) }),
      );
      const read: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
      if (answer.FunctionError === undefined) return read;
      throw new Error((read as { readonly errorMessage: string }).errorMessage);
    },
    async hand(name, payload) {
      await client.send(
        new InvokeCommand({
          FunctionName: prefix + name,
          InvocationType: "Event",
          Payload: JSON.stringify(payload),
        }),
      );
    },
    async addEnvironment(variables, only) {
      for (const name of only ?? (await names())) {
        const { Environment } = await client.send(
          new GetFunctionConfigurationCommand({ FunctionName: prefix + name }),
        );
        await client.send(
          new UpdateFunctionConfigurationCommand({
            FunctionName: prefix + name,
            Environment: { Variables: { ...Environment?.Variables, ...variables } },
          }),
        );
      }
    },
    close: () => client.destroy(),
  };
}
