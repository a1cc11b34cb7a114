import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamodb } from "../../dynamodb/create-dynamodb.ts";
import { startGateway, type Intercept } from "../../gateway.ts";

export interface StartedTable {
  readonly client: DynamoDBClient;
  readonly table: string;
  close(): Promise<void>;
}

/**
 * An empty table of a local DynamoDB, and an unchanged client of the SDK that speaks to it over
 * HTTP.
 */
export async function startTable(
  options: { readonly intercept?: Intercept; readonly maxAttempts?: number } = {},
): Promise<StartedTable> {
  const table = "promoter";
  const dynamodb = await createDynamodb(
    { account: "111122223333", region: "eu-west-1" },
    { tables: [{ name: table }] },
  );
  const gateway = await startGateway({
    services: () => [dynamodb],
    ...(options.intercept && { intercept: options.intercept }),
  });
  const client = new DynamoDBClient({
    endpoint: gateway.origin,
    region: "eu-west-1",
    maxAttempts: options.maxAttempts ?? 1,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  });
  return {
    client,
    table,
    async close() {
      client.destroy();
      await gateway.close();
      await dynamodb.close();
    },
  };
}
