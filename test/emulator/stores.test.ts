import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe } from "vitest";
import { dynamodbApprovals } from "../../src/adapters/dynamodb/approvals.ts";
import { dynamodbEnvironments } from "../../src/adapters/dynamodb/environments.ts";
import { dynamodbOpenWork } from "../../src/adapters/dynamodb/open-work.ts";
import { dynamodbPromotions } from "../../src/adapters/dynamodb/promotions.ts";
import { dynamodbReleases } from "../../src/adapters/dynamodb/releases.ts";
import type { Table } from "../../src/adapters/dynamodb/table.ts";
import { dynamodbTrail } from "../../src/adapters/dynamodb/trail.ts";
import { dynamodbWaits } from "../../src/adapters/dynamodb/waits.ts";
import { approvalsContract } from "../contract/approvals.contract.ts";
import { environmentsContract } from "../contract/environments.contract.ts";
import { openWorkContract } from "../contract/open-work.contract.ts";
import { promotionsContract } from "../contract/promotions.contract.ts";
import { releasesContract } from "../contract/releases.contract.ts";
import { trailContract } from "../contract/trail.contract.ts";
import { waitsContract } from "../contract/waits.contract.ts";
import { clientSettings, lacksEmulator } from "./emulator.ts";

const name = "an emulator's DynamoDB";

describe.skipIf(lacksEmulator)("the stores", () => {
  approvalsContract(
    name,
    withTable((table) => ({ approvals: dynamodbApprovals(table) })),
  );
  environmentsContract(
    name,
    withTable((table) => ({ environments: dynamodbEnvironments(table) })),
  );
  openWorkContract(
    name,
    withTable((table) => ({ openWork: dynamodbOpenWork(table) })),
  );
  promotionsContract(
    name,
    withTable((table) => ({ promotions: dynamodbPromotions(table) })),
  );
  releasesContract(
    name,
    withTable((table) => ({ releases: dynamodbReleases(table) })),
  );
  trailContract(
    name,
    withTable((table) => ({ trail: dynamodbTrail(table) })),
  );
  waitsContract(
    name,
    withTable((table) => ({ waits: dynamodbWaits(table) })),
  );
});

/** A new table for each test, with the key of serverless.yml. */
function withTable<Store extends object>(
  make: (table: Table) => Store,
): () => Promise<Store & { close(): Promise<void> }> {
  return async () => {
    const client = new DynamoDBClient(clientSettings());
    const table = `promoter-${randomUUID()}`;
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "sk", AttributeType: "S" },
        ],
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
    return { ...make({ client, table }), close: async () => client.destroy() };
  };
}
