import * as z from "zod";
import { maxWaits } from "../domain/max-waits.ts";
import { textLike } from "./parsed-text.ts";
import { durationSchema } from "./value-schemas.ts";

const region = String.raw`[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}`;
const alarmName = String.raw`[\x20-\x7e]{1,255}`;
const functionName = "[a-zA-Z0-9_-]{1,64}(?::[a-zA-Z0-9_-]{1,128})?";

/** CloudWatch API reference, MetricAlarm: a name has 1 to 255 characters. */
export const alarmArnSchema = textLike(
  new RegExp(`^arn:aws[a-z-]*:cloudwatch:${region}:\\d{12}:alarm:${alarmName}$`),
  {
    expected: "ARN of a CloudWatch alarm",
    remedy: "copy it from the page of a metric alarm: its name comes after :alarm:",
  },
);

/** Lambda API reference, Invoke: a function, with a version or alias or without. */
const functionArnSchema = textLike(
  new RegExp(`^arn:aws[a-z-]*:lambda:${region}:\\d{12}:function:${functionName}$`),
  {
    expected: "ARN of a Lambda function",
    remedy: "copy it from the page of the function: its name comes after :function:",
  },
);

/** Without a user name: what stands in promoter.yml is no secret. */
const healthUrlSchema = textLike(
  /^(?:https:\/\/|http:\/\/(?=(?:127\.0\.0\.1|localhost)[:/]))[a-zA-Z0-9.-]+(?::\d{1,5})?(?:[/?][^\s#]*)?$/,
  {
    expected: "URL to observe",
    remedy: "write it as https://orderbook.example.com/healthz; http only for 127.0.0.1",
  },
);

/** `observe` of an environment. */
export const observeSchema = z.strictObject({
  for: durationSchema({ min: 1000, max: maxWaits.observe }).describe(
    "How long a release must stay well after its rollout; if it does not, it is rolled back.",
  ),
  alarms: z
    .array(alarmArnSchema)
    .max(20)
    .default([])
    .describe(
      "ARNs of CloudWatch metric alarms of this account, at most 20: none may be in ALARM.",
    ),
  http: healthUrlSchema
    .optional()
    .describe("URL that must answer 200 to 299, reachable from the internet."),
  function: functionArnSchema
    .optional()
    .describe('ARN of a Lambda function that must answer {"healthy": true}.'),
});
