/**
 * US dollars, November 2026. Step Functions and Lambda (arm64) from the vendors' price pages,
 * us-east-1 and eu-west-1 alike where both are named; DynamoDB on demand, EventBridge and Secrets
 * Manager from memory, not checked against the pages. Free tiers are left out.
 */
export const prices = {
  transition: 0.025 / 1_000,
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGigabyteSecond: 0.000_013_333_4,
  dynamodbWrite: 1.25 / 1_000_000,
  dynamodbRead: 0.25 / 1_000_000,
  publishedEvent: 1 / 1_000_000,
  secretCall: 0.05 / 10_000,
  secretMonth: 0.4,
} as const;

/**
 * What the counts do not show: how long and how large a function runs in AWS, and how many units an
 * item takes. Assumed conservatively.
 */
export const assumptions = {
  seconds: 0.3,
  gigabytes: 0.75,
  writeUnits: 2,
  readUnits: 2,
  reconciliationsAMonth: 30 * 24 * 12,
} as const;
