import { partitionOf } from "./partition.ts";

export interface AccountRegion {
  readonly account: string;
  readonly region: string;
}

/** `arn:<partition>:<service>:<region>:<account>:<resource>`: the Region decides the partition. */
export function resourceArn(
  { account, region }: AccountRegion,
  service: string,
  resource: string,
): string {
  return `arn:${partitionOf(region).name}:${service}:${region}:${account}:${resource}`;
}

/** IAM knows no Regions. */
export function iamArn({ account, region }: AccountRegion, resource: string): string {
  return `arn:${partitionOf(region).name}:iam::${account}:${resource}`;
}
