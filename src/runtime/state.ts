import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbApprovals } from "../adapters/dynamodb/approvals.ts";
import { dynamodbEnvironments } from "../adapters/dynamodb/environments.ts";
import { dynamodbIgnoredPushes } from "../adapters/dynamodb/ignored-pushes.ts";
import { dynamodbOpenWork } from "../adapters/dynamodb/open-work.ts";
import { dynamodbPromotions } from "../adapters/dynamodb/promotions.ts";
import { dynamodbReleases } from "../adapters/dynamodb/releases.ts";
import type { Table } from "../adapters/dynamodb/table.ts";
import { dynamodbTrail } from "../adapters/dynamodb/trail.ts";
import { dynamodbWaits } from "../adapters/dynamodb/waits.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { Environments } from "../ports/environments.ts";
import type { IgnoredPushes } from "../ports/ignored-pushes.ts";
import type { OpenWork } from "../ports/open-work.ts";
import type { Promotions } from "../ports/promotions.ts";
import type { Releases } from "../ports/releases.ts";
import type { Trail } from "../ports/trail.ts";
import type { Waits } from "../ports/waits.ts";
import { awsClient, required } from "./aws-client.ts";
import type { World } from "./world.ts";

// One export per port: a bundle contains only those that its handler imports.
export const approvalsOf = (world: World): Approvals => dynamodbApprovals(table(world));
export const environmentsOf = (world: World): Environments => dynamodbEnvironments(table(world));
export const ignoredPushesOf = (world: World): IgnoredPushes => dynamodbIgnoredPushes(table(world));
export const openWorkOf = (world: World): OpenWork => dynamodbOpenWork(table(world));
export const promotionsOf = (world: World): Promotions => dynamodbPromotions(table(world));
export const releasesOf = (world: World): Releases => dynamodbReleases(table(world));
export const trailOf = (world: World): Trail => dynamodbTrail(table(world));
export const waitsOf = (world: World): Waits => dynamodbWaits(table(world));

function table(world: World): Table {
  const client = awsClient(
    world,
    { service: "DYNAMODB" },
    (settings) => new DynamoDBClient(settings),
  );
  return { client, table: required(world.env, "PROMOTER_TABLE") };
}
