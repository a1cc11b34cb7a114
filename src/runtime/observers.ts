import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { observersIn } from "../adapters/observers/observers.ts";
import type { Observers } from "../ports/observers.ts";
import { awsClient } from "./aws-client.ts";
import { fetchInTime } from "./invocation.ts";
import { patienceOf } from "./patience.ts";
import type { World } from "./world.ts";

/** How long a function that is asked may take, milliseconds: it may call what it checks. */
const silence = 20_000;

export function observersOf(world: World): Observers {
  return observersIn({
    cloudWatch: (region) =>
      awsClient(
        world,
        { service: "CLOUDWATCH", region },
        (settings) => new CloudWatchClient(settings),
      ),
    lambda: (region) =>
      awsClient(
        world,
        { service: "LAMBDA", region, silence },
        (settings) => new LambdaClient(settings),
      ),
    fetch: fetchInTime(world),
    patience: patienceOf(world),
  });
}
