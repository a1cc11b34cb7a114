import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { LambdaClient } from "@aws-sdk/client-lambda";

export interface ObserverClients {
  /** By Region. */
  readonly cloudWatch: (region: string) => CloudWatchClient;
  readonly lambda: (region: string) => LambdaClient;
  readonly fetch: typeof fetch;
  /** Factor on every time-out. */
  readonly patience: number;
}
