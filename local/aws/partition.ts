/** A part of AWS with ARNs and host names of its own. */
export interface Partition {
  /** Second word of an ARN. */
  readonly name: string;
  readonly dnsSuffix: string;
}

/** By Region, as partitions.json of the AWS SDKs has it (botocore/data/partitions.json). */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  if (region.startsWith("eusc-")) return { name: "aws-eusc", dnsSuffix: "amazonaws.eu" };
  const name = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return { name, dnsSuffix: "amazonaws.com" };
}
