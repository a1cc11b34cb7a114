import * as z from "zod";
import { parseDuration } from "../domain/duration.ts";
import { parseRepositoryName } from "../domain/image/repository.ts";
import { parseTag } from "../domain/image/tag.ts";
import { parseTagPattern } from "../domain/image/tag-pattern.ts";
import { rulesSchema } from "../domain/rules/index.ts";

const longestName = 40;

/** A text that a parser of the domain accepts; `like` says what would be right. */
function parsed<Value>(parse: (text: string) => Value | undefined, like: string): z.ZodType<Value, string> {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: `"${text}" is not ${like}` });
    return z.NEVER;
  });
}

const duration = parsed(parseDuration, "a duration such as 30s, 2m, 24h or 7d");
const pattern = parsed(parseTagPattern, "a tag with one {version}, such as dev-{version}");
const name = z.string().regex(new RegExp(`^[a-z0-9][a-z0-9-]{0,${longestName - 1}}$`), `must be lower-case letters, digits and dashes, at most ${longestName}`);
const awsRegion = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS Region such as eu-west-1");

const cluster = z.union([
  z.strictObject({ eks: z.string().min(1).describe("Name of the EKS cluster."), region: awsRegion.describe("Its Region.") }),
  z.strictObject({ context: z.string().min(1).describe("A context of the kubeconfig on this machine; for local use.") }),
], { error: "must be { eks: name, region: … } or { context: … }" });

const approval = z.strictObject({
  slack: z.string().min(2).describe("Channel: #name or id."),
  approvers: z.array(z.string().regex(/^[UW][A-Z0-9]+$/, "must be a Slack user id such as U012AB3CD")).min(1, "needs at least one approver").describe("Slack user ids of the people who may answer."),
  required: z.literal(1, { error: "must be 1: several votes are not supported yet" }).default(1).describe("Approvals that it takes."),
  expires: duration.prefault("24h").describe("How long people may take."),
  requester: z.enum(["may-approve", "may-not-approve"]).default("may-not-approve").describe("Whether whoever started the promotion may approve it."),
});

const podSpec = z.strictObject({
  cluster: z.string().describe("A key of `clusters`."),
  namespace: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "must be a Kubernetes namespace name").describe("Namespace of the objects."),
  files: z.string().min(1).describe("Folder of the objects, beside promoter.yml."),
  rollout: duration.prefault("10m").describe("How long a rollout may take before it is rolled back."),
  force: z.boolean().default(false).describe("Take over fields that another manager owns."),
  secrets: z.enum(["refuse", "allow"]).default("refuse").describe("Whether Secret objects may be among the files."),
});

const environment = z.strictObject({
  after: z.string().optional().describe("The environment whose record gives the digests; without it a push starts promotions."),
  tags: z.strictObject({
    release: pattern.describe("Tag that is written once and never moved."),
    moving: parsed(parseTag, "a tag").optional().describe("Tag that follows what runs."),
  }),
  rules: rulesSchema.prefault({}).describe("What must hold before a promotion."),
  approval: approval.optional().describe("Whom to ask; without it nobody is asked."),
  podSpec,
});

const application = z.strictObject({
  images: z.array(parsed(parseRepositoryName, "the name of an ECR repository")).min(1, "needs at least one repository").describe("ECR repositories that go live together."),
  source: z.strictObject({
    tag: pattern.describe("Tag of the dev pipeline."),
    order: z.enum(["semver", "number", "date", "pushed"]).default("semver").describe("How versions are ordered."),
    settle: duration.prefault("2m").describe("How long a rebuilt version must stay unchanged."),
  }),
  environments: z.record(name, environment).describe("Where releases run."),
});

/** promoter.yml as it is written. What has a default may be left out; any other key is a fault. */
export const configurationSchema = z.strictObject({
  registry: z.strictObject({
    account: z.string().regex(/^\d{12}$/, 'must be 12 digits in quotes, such as "111122223333"').describe("AWS account of the ECR registry."),
    region: awsRegion.describe("Its Region."),
  }),
  clusters: z.record(name, cluster).describe("Clusters that environments run in."),
  applications: z.record(name, application).describe("Sets of repositories that go live together."),
});

export type WrittenConfiguration = z.output<typeof configurationSchema>;
