/** A part of AWS with accounts, ARNs and host names of its own. */
export interface Partition {
  /** Second word of an ARN. */
  readonly name: "aws" | "aws-cn" | "aws-us-gov" | "aws-eusc";
  readonly dnsSuffix: string;
}

/**
 * By the beginning of their Regions (AWS General Reference, "ARNs"; the endpoints rules of the AWS
 * SDKs).
 */
const others: readonly (readonly [string, Partition])[] = [
  ["cn-", { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" }],
  ["us-gov-", { name: "aws-us-gov", dnsSuffix: "amazonaws.com" }],
  ["eusc-", { name: "aws-eusc", dnsSuffix: "amazonaws.eu" }],
];

export function partitionOf(region: string): Partition {
  return (
    others.find(([prefix]) => region.startsWith(prefix))?.[1] ?? {
      name: "aws",
      dnsSuffix: "amazonaws.com",
    }
  );
}
