import type { CloudEvent } from "@promoter/local-cloud/internal/service.ts";
import { account, region } from "./emulator.ts";

export interface Example {
  readonly name: string;
  readonly event: CloudEvent;
  /** The rule of the stack that it reaches, without the name of service and stage. */
  readonly reaches: "push" | "facts-registry" | "facts-scanner" | "execution-ended" | "none";
}

const digest = `sha256:${"7f".repeat(32)}`;
const machine = `arn:aws:states:${region}:${account}:stateMachine:promoter-test-promotion`;
const repository = (name: string): string => `arn:aws:ecr:${region}:${account}:repository/${name}`;

/** The fields of "Sample events from Amazon ECR" (ECR user guide, "ecr-eventbridge"). */
export const imageEvent = (detail: Readonly<Record<string, string>> = {}): CloudEvent => ({
  source: "aws.ecr",
  "detail-type": "ECR Image Action",
  resources: [],
  detail: {
    result: "SUCCESS",
    "repository-name": "orderbook-api",
    "image-digest": digest,
    "action-type": "PUSH",
    "image-tag": "dev-1.4.2",
    ...detail,
  },
});

const scan = (name: string): CloudEvent => ({
  source: "aws.ecr",
  "detail-type": "ECR Image Scan",
  resources: [repository(name)],
  detail: {
    "scan-status": "COMPLETE",
    "repository-name": name,
    "finding-severity-counts": { CRITICAL: 1 },
    "image-digest": digest,
    "image-tags": ["dev-1.4.2"],
  },
});

const referrer: CloudEvent = {
  source: "aws.ecr",
  "detail-type": "ECR Referrer Action",
  resources: [],
  detail: {
    result: "SUCCESS",
    "repository-name": "orderbook-api",
    "image-digest": digest,
    "action-type": "PUSH",
  },
};

/** ECR user guide, "image-scanning-enhanced-events": Inspector names a repository by its ARN. */
const inspector = (type: string): CloudEvent => ({
  source: "aws.inspector2",
  "detail-type": type,
  resources: [repository("orderbook-api")],
  detail: {
    "scan-status": "INITIAL_SCAN_COMPLETE",
    "repository-name": repository("orderbook-api"),
    "image-digest": digest,
    "image-tags": ["dev-1.4.2"],
  },
});

/** Step Functions developer guide, "eventbridge-integration". */
const execution = (status: string, stateMachineArn = machine): CloudEvent => ({
  source: "aws.states",
  "detail-type": "Step Functions Execution Status Change",
  resources: [`${stateMachineArn.replace("stateMachine", "execution")}:p-1`],
  detail: {
    executionArn: `${stateMachineArn.replace("stateMachine", "execution")}:p-1`,
    stateMachineArn,
    name: "p-1",
    status,
    input: "{}",
    output: null,
  },
});

export const examples: readonly Example[] = [
  { name: "a push of a dev tag", event: imageEvent(), reaches: "push" },
  {
    name: "a push to the other repository",
    event: imageEvent({ "repository-name": "orderbook-ui" }),
    reaches: "push",
  },
  {
    name: "a push to a foreign repository",
    event: imageEvent({ "repository-name": "orderbook-api/cache" }),
    reaches: "none",
  },
  {
    name: "a push of a release tag, our own, which the function tells apart",
    event: imageEvent({ "image-tag": "prod-1.4.2" }),
    reaches: "push",
  },
  { name: "a push without a tag", event: imageEvent({ "image-tag": "" }), reaches: "none" },
  { name: "a push that failed", event: imageEvent({ result: "FAILURE" }), reaches: "none" },
  { name: "a deletion", event: imageEvent({ "action-type": "DELETE" }), reaches: "none" },
  { name: "a scan", event: scan("orderbook-api"), reaches: "facts-registry" },
  { name: "a scan of a foreign image", event: scan("other"), reaches: "none" },
  { name: "a referrer", event: referrer, reaches: "facts-registry" },
  { name: "a scan of Inspector", event: inspector("Inspector2 Scan"), reaches: "facts-scanner" },
  { name: "a finding of Inspector", event: inspector("Inspector2 Finding"), reaches: "none" },
  {
    name: "an execution that was stopped",
    event: execution("ABORTED"),
    reaches: "execution-ended",
  },
  {
    name: "an execution that took too long",
    event: execution("TIMED_OUT"),
    reaches: "execution-ended",
  },
  { name: "an execution that failed", event: execution("FAILED"), reaches: "execution-ended" },
  { name: "an execution that goes on", event: execution("RUNNING"), reaches: "none" },
  { name: "an execution that succeeded", event: execution("SUCCEEDED"), reaches: "none" },
  {
    name: "an execution of another stage",
    event: execution("ABORTED", `${machine}-2`),
    reaches: "none",
  },
];
