import * as z from "zod";
import { maxWaits } from "../domain/max-waits.ts";
import { rulesSchema } from "../domain/rules/index.ts";
import { hasTarget, someTarget } from "./environment-target.ts";
import { listedImagesSchema } from "./image-schema.ts";
import { observeSchema } from "./observe-schema.ts";
import { hasOneSource, oneSource, oneSourceForEditors, sourceKeys } from "./one-source.ts";
import { textLike } from "./parsed-text.ts";
import { restartSchema } from "./restart-schema.ts";
import {
  durationSchema,
  eksNameSchema,
  keySchema,
  kindSchema,
  minorSchema,
  movingTagSchema,
  nameSchema,
  namespaceSchema,
  orderSchema,
  regionSchema,
  releaseTagSchema,
  slackChannelSchema,
  slackUserSchema,
  sourceTagSchema,
  versionGlobSchema,
  versionRangeSchema,
} from "./value-schemas.ts";

export const registrySchema = z.strictObject({
  account: textLike(/^\d{12}$/, {
    expected: "AWS account id",
    remedy: "write all 12 digits, in quotes",
  }).describe("AWS account of the registry: 12 digits in quotes."),
  region: regionSchema().describe("AWS Region of the registry, such as eu-west-1."),
  putImageRate: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe(
      "How many tags one promotion writes per second, at most. " +
        "All clients in the account and Region share ECR's quota of PutImage: 10 a second unless raised.",
    ),
});

const clusterVersion = minorSchema
  .optional()
  .describe(
    'Minor version of Kubernetes there, as in "1.35", by which validate judges objects. ' +
      "Absent: the newest that is known. A plan goes by what the cluster says.",
  );

export const clusterSchema = z
  .union([
    z.strictObject({
      eks: eksNameSchema.describe("Name of an EKS cluster."),
      region: regionSchema().describe("AWS Region of the EKS cluster."),
      version: clusterVersion,
    }),
    z.strictObject({
      context: z
        .string()
        .min(1)
        .describe("Context of the kubeconfig on this machine; not for AWS."),
      version: clusterVersion,
    }),
  ])
  .describe("Write { eks, region }, or { context } for one machine.");

export const versionsSchema = z.strictObject({
  prereleases: z
    .enum(["refuse", "allow"])
    .optional()
    .describe(
      "Whether pre-releases such as 2.0.0-rc.1 are accepted. Absent: those that `only` includes by npm's rule " +
        "(if it names one of the same version), or all of them without `only`.",
    ),
  only: versionRangeSchema
    .optional()
    .describe(
      'Range of accepted versions, as npm reads it: ">=1.0.0 <2.0.0", "^1.4.0". Absent: all.',
    ),
  ignore: z
    .array(versionGlobSchema)
    .default([])
    .describe(
      'Excluded versions, with * for any characters: [latest, "*-debug"]. ' +
        "Compared with what {version} stands for.",
    ),
});

const versions = versionsSchema.prefault({});

const source = z.strictObject({
  tag: sourceTagSchema.describe(
    "Tags that the builds push. {version} is what makes images one release, as in dev-{version}.",
  ),
  order: orderSchema
    .default("semver")
    .describe(
      "How versions compare: semver, number (157), date (2026.01.05, 20260105-2) or pushed (time of the push).",
    ),
  versions: versions.describe(
    "Which versions are releases. Pushes of others are ignored. `prereleases` and `only` need order semver.",
  ),
  settle: durationSchema({ max: maxWaits.settle })
    .prefault("2m")
    .describe(
      "How long a version whose images were rebuilt must stay unchanged before it is promoted.",
    ),
});

const tags = z.strictObject({
  release: releaseTagSchema.describe(
    "Tag that is written once and never moved, as in prod-{version}.",
  ),
  moving: movingTagSchema
    .optional()
    .describe("Tag that follows what runs, as in prod. Absent: none."),
});

const approval = z.strictObject({
  slack: slackChannelSchema.describe(
    "Channel for questions: #name in quotes (a bare # begins a comment), or its id.",
  ),
  approvers: z.array(slackUserSchema).min(1).describe("Slack user ids of the people who may vote."),
  required: z.literal(1).default(1).describe("How many must approve; only 1 is supported yet."),
  expires: durationSchema({ min: 1000, max: maxWaits.answer })
    .prefault("24h")
    .describe("How long the question stays open."),
  requester: z
    .enum(["may-approve", "may-not-approve"])
    .default("may-not-approve")
    .describe(
      "Whether the person who started the promotion may approve it. A push has no known requester.",
    ),
});

export const imagesSchema = z.enum(["fields", "everywhere"]);
const pinnedWhere =
  "Where the images of the application are pinned: in the image fields of containers and volumes " +
  "(elsewhere such an image is a fault), or in every string that names one with a tag or digest.";

const podSpec = z.strictObject({
  cluster: nameSchema.describe("Cluster that runs the objects: a name under clusters."),
  namespace: namespaceSchema().describe(
    "Namespace of the objects that name none. Those of other namespaces keep theirs.",
  ),
  ...sourceKeys,
  rollout: durationSchema({ min: 1000, max: maxWaits.rollout })
    .prefault("10m")
    .describe("How long a rollout may take before it is rolled back."),
  failFast: z
    .boolean()
    .default(true)
    .describe(
      "Whether a rollout is rolled back before that once waiting is hopeless: new pods crash again and again, " +
        "cannot pull their image or find their configuration, or are refused.",
    ),
  force: z
    .boolean()
    .default(false)
    .describe(
      "Whether fields of controllers and unknown programs are taken over and set to the values in " +
        "the files, as those of people, kubectl and Helm always are. " +
        "false: such a promotion is refused, with field and manager.",
    ),
  secrets: z
    .enum(["refuse", "allow"])
    .default("refuse")
    .describe("Whether the folder may hold Secret objects; allow is kinds: [Secret]."),
  kinds: z
    .array(kindSchema)
    .default([])
    .describe(
      "Kinds that the objects may have besides those that are allowed by default: cluster-wide ones and " +
        "custom resources, as Kind or Kind.group: [ClusterRole, ServiceMonitor.monitoring.coreos.com].",
    ),
  restartOnConfig: restartSchema,
  images: imagesSchema.default("fields").describe(pinnedWhere),
});

const alwaysOn =
  "Requirements for every image. Also always checked: it exists and can be pulled, " +
  "its version is newer than what runs, no hold, the environment is settled.";

const environment = z.strictObject({
  after: nameSchema
    .optional()
    .describe(
      "Environment of this application that must run a version first. Absent: a push starts promotions.",
    ),
  versions: versions.describe(
    "Versions accepted here. A push of any other starts nothing here; a promotion by hand is refused. " +
      "`prereleases` and `only` need order semver.",
  ),
  tags: tags
    .optional()
    .describe("Tags that a promotion writes. Absent: none; only the cluster changes."),
  rules: rulesSchema.prefault({}).describe(alwaysOn),
  approval: approval
    .optional()
    .describe("Who must approve before anything is written. Absent: no approval."),
  podSpec: podSpec
    .refine(hasOneSource, oneSource)
    .meta(oneSourceForEditors)
    .optional()
    .describe("What runs, and where. Absent: nothing is deployed; only tags are written."),
  observe: observeSchema
    .optional()
    .describe("How a release is watched before the moving tag follows. Absent: not at all."),
});

const application = z.strictObject({
  images: listedImagesSchema,
  source: source.describe("What the builds push."),
  environments: named(environment.refine(hasTarget, someTarget), "environment").describe(
    "Where releases run, by name.",
  ),
});

/**
 * promoter.yml: everything that one entry shows by itself. What has a default may be left out, any
 * other key is a fault.
 */
export const configurationSchema = z.strictObject({
  registry: registrySchema.describe("The ECR registry that holds all images."),
  clusters: z
    .record(keySchema, clusterSchema)
    .default({})
    .describe("Kubernetes clusters by name: { eks, region }, or { context } on one machine."),
  applications: named(application, "application").describe(
    "Sets of images that go live together, by name.",
  ),
});

export type WrittenConfiguration = z.output<typeof configurationSchema>;

function named<Schema extends z.ZodType>(
  schema: Schema,
  what: string,
): z.ZodRecord<typeof keySchema, Schema> {
  return z
    .record(keySchema, schema)
    .refine((record) => Object.keys(record).length > 0, {
      error: `there is no ${what}`,
      params: { remedy: `add at least one ${what}` },
    });
}
