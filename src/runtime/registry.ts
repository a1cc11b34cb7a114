import { ECRClient } from "@aws-sdk/client-ecr";
import { ecrImageRegistry } from "../adapters/ecr/image-registry.ts";
import type { RegistryClient } from "../adapters/ecr/registry-client.ts";
import { ecrScanReports } from "../adapters/ecr/scan-reports.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { ScanReports } from "../ports/scan-reports.ts";
import { awsClient, required } from "./aws-client.ts";
import { fetchInTime } from "./invocation.ts";
import { patienceOf } from "./patience.ts";
import type { World } from "./world.ts";

export const registryOf = (world: World): ImageRegistry =>
  ecrImageRegistry({ ...client(world), fetch: fetchInTime(world) });
export const scansOf = (world: World): ScanReports => ecrScanReports(client(world));

function client(world: World): RegistryClient {
  return {
    client: awsClient(world, { service: "ECR" }, (settings) => new ECRClient(settings)),
    registryId: required(world.env, "PROMOTER_REGISTRY"),
    patience: patienceOf(world),
  };
}
