import * as z from "zod";
import { formatDuration, parseDuration } from "../domain/duration.ts";
import { parseReference } from "../domain/image/reference.ts";
import { isRepositoryName, parseRepositoryName } from "../domain/image/repository.ts";
import { parseTagPattern, type TagPattern } from "../domain/image/tag-pattern.ts";
import { parseTag } from "../domain/image/tag.ts";
import { maxWaits } from "../domain/max-waits.ts";
import { rulesSchema } from "../domain/rules/index.ts";
import { parseVersionGlob, parseVersionRange } from "../domain/version-policy.ts";
import { parsedText, textLike } from "./parsed-text.ts";

/** Names of ours go into keys of the table, inputs of executions and messages. */
const nameForm = /^[a-z0-9][a-z0-9-]{0,39}$/;
export const nameSchema = textLike(nameForm, {
  expected: "name",
  remedy: "use lower-case letters, digits and -, at most 40, beginning with a letter or digit",
});

/**
 * For editors only: zod would not look into an entry whose key is wrong, so a check of its own
 * judges the keys.
 */
const keySchema = z.string().meta({ pattern: nameForm.source });

export const registrySchema = z.strictObject({
  account: textLike(/^\d{12}$/, {
    expected: "account id",
    remedy: "write all 12 digits, in quotes",
  }).describe("AWS account of the registry: 12 digits in quotes."),
  region: region().describe("AWS Region of the registry, such as eu-west-1."),
  putImageRate: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe(
      "How many tags one promotion writes in a second, at most. Everybody in the account and Region shares ECR's quota of PutImage: 10 a second unless it was raised.",
    ),
});

/** The form of cluster names: Amazon EKS API reference, CreateCluster. */
const eksName = textLike(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, {
  expected: "name of an EKS cluster",
  remedy: "use letters, digits, - and _, at most 100",
});

export const clusterSchema = z
  .union([
    z.strictObject({
      eks: eksName.describe("Name of an EKS cluster."),
      region: region().describe("AWS Region of the EKS cluster."),
    }),
    z.strictObject({
      context: z
        .string()
        .min(1)
        .describe("Context of the kubeconfig on this machine; not for AWS."),
    }),
  ])
  .describe("Write { eks, region }, or { context } for one machine.");

export const sourceTagSchema = tagPattern("dev-{version}");
export const releaseTagSchema = tagPattern("prod-{version}");

export const movingTagSchema = parsedText(parseTag, {
  expected: "tag",
  remedy: "use letters, digits, _ . and -, at most 128; a moving tag has no {version}",
  pattern: "^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$",
});

/** One that begins with a registry of ECR would be a repository of that name inside the registry. */
export const repositorySchema = parsedText(
  (text) => (repositoryIn(text) === text ? parseRepositoryName(text) : undefined),
  { expected: "repository", remedy: repositoryRemedy, pattern: "^[a-z0-9][a-z0-9._/-]{1,255}$" },
);

export const orderSchema = z.enum(["semver", "number", "date", "pushed"]);

const versionRange = parsedText(parseVersionRange, {
  expected: "range of versions that any version could be in",
  remedy: 'write it as npm does, in quotes: ">=1.0.0 <2.0.0", "^1.4.0" or "1.x || 3.x"',
});

const versionGlob = parsedText(parseVersionGlob, {
  expected: "version to ignore",
  remedy:
    'write versions, in quotes, with * for any characters: "latest", "*-debug"; * alone would ignore every version',
  pattern: "^[a-zA-Z0-9._*-]{1,128}$",
});

const versions = z
  .strictObject({
    prereleases: z
      .enum(["refuse", "allow"])
      .optional()
      .describe(
        "Whether pre-releases such as 2.0.0-rc.1 are taken. Absent: as `only` takes them by npm's rule (where it names one of the same version), all of them without it.",
      ),
    only: versionRange
      .optional()
      .describe(
        'Range of versions that are taken, as npm reads it: ">=1.0.0 <2.0.0", "^1.4.0". Absent: all.',
      ),
    ignore: z
      .array(versionGlob)
      .default([])
      .describe(
        'Versions that are not taken, with * for any characters: [latest, "*-debug"]. It is compared with what {version} stands for.',
      ),
  })
  .prefault({});

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
  settle: duration({ max: maxWaits.settle })
    .prefault("2m")
    .describe(
      "How long a version whose images were rebuilt must stay unchanged before it is promoted.",
    ),
});

const tags = z.strictObject({
  release: releaseTagSchema.describe(
    "Tag that a promoted image gets once and for all, as in prod-{version}.",
  ),
  moving: movingTagSchema
    .optional()
    .describe("Tag that follows what runs, as in prod. Absent: none."),
});

const slackChannel = textLike(/^(?:#[^\s#@]{1,80}|[CG][A-Z0-9]{2,})$/, {
  expected: "Slack channel",
  remedy: 'write "#releases", in quotes, or the id of the channel',
});
const slackUser = textLike(/^[UW][A-Z0-9]{2,}$/, {
  expected: "Slack user id",
  remedy:
    "write the member id, such as U012AB3CD; Slack shows it in the profile. Names can be changed by anybody",
});

const approval = z.strictObject({
  slack: slackChannel.describe(
    "Channel that is asked: #name in quotes (a bare # begins a comment), or its id.",
  ),
  approvers: z.array(slackUser).min(1).describe("Slack user ids of the people who may answer."),
  required: z
    .literal(1)
    .default(1)
    .describe("How many must approve; several votes are not supported yet."),
  expires: duration({ min: 1000, max: maxWaits.answer })
    .prefault("24h")
    .describe("How long the question stays open."),
  requester: z
    .enum(["may-approve", "may-not-approve"])
    .default("may-not-approve")
    .describe("Whether the person who started the promotion may approve it. A push names nobody."),
});

export const imagesSchema = z.enum(["fields", "everywhere"]);
const pinnedWhere =
  "Where the images of the application are pinned: in the image fields of containers and volumes (elsewhere such an image is a fault), " +
  "or in every text that names one with a tag or digest.";

const podSpec = z.strictObject({
  cluster: nameSchema.describe("Cluster that runs the objects: a name under clusters."),
  namespace: namespaceSchema().describe("Namespace of the objects; those that name none get it."),
  files: folderSchema().describe(
    "Folder of the objects, beside this file: every .yaml, .yml and .json in it, without subfolders.",
  ),
  rollout: duration({ min: 1000, max: maxWaits.rollout })
    .prefault("10m")
    .describe("How long a rollout may take before it is rolled back."),
  force: z
    .boolean()
    .default(false)
    .describe(
      "Whether fields that another manager owns (kubectl-edit, helm) are taken over and set to what the files say. false: such a promotion is refused, with field and manager.",
    ),
  secrets: z
    .enum(["refuse", "allow"])
    .default("refuse")
    .describe("Whether the folder may hold Secret objects."),
  images: imagesSchema.default("fields").describe(pinnedWhere),
});

const alwaysOn =
  "What an image must fulfil. Always checked besides: it is there and can be pulled, its version is newer than what runs, no hold, the environment is settled.";

const environment = z.strictObject({
  after: nameSchema
    .optional()
    .describe(
      "Environment of this application that must run a version first. Absent: a push starts promotions.",
    ),
  versions: versions.describe(
    "Which versions come here. A push of another one starts nothing here, a promotion by hand is refused. `prereleases` and `only` need order semver.",
  ),
  tags: tags.describe("Tags that a promotion writes."),
  rules: rulesSchema.prefault({}).describe(alwaysOn),
  approval: approval
    .optional()
    .describe("Who is asked before anything is written. Absent: nobody."),
  podSpec: podSpec.describe("What runs, and where."),
});

const application = z.strictObject({
  images: z.array(repositorySchema).min(1).describe("Repositories whose images go live together."),
  source: source.describe("What the builds push."),
  environments: named(environment, "environment").describe("Where releases run, by name."),
});

/**
 * promoter.yml: everything that an entry can tell by itself. What has a default may be left out,
 * any other key is a fault.
 */
export const configurationSchema = z.strictObject({
  registry: registrySchema.describe("The ECR registry that holds all images."),
  clusters: z
    .record(keySchema, clusterSchema)
    .describe("Kubernetes clusters by name: { eks, region }, or { context } on one machine."),
  applications: named(application, "application").describe(
    "Sets of images that go live together, by name.",
  ),
});

/** The repository that a whole image name means; undefined where none can be found in it. */
export function repositoryIn(text: string): string | undefined {
  const reference = parseReference(text.replace(/^https?:\/\//i, ""));
  if (reference === undefined) return undefined;
  const isNamed =
    reference.host !== undefined && !/[:A-Z]|^localhost$|\.dkr[.-]ecr/.test(reference.host);
  return isNamed ? reference.name : reference.path;
}

/** Whoever writes it out may mean another one than stands there. */
function registryNamed(text: string): string {
  const [, account, place] =
    /^(?:https?:\/\/)?(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z\d-]+)\./i.exec(text) ?? [];
  return account === undefined || place === undefined
    ? ""
    : ` (here it is account ${account} in ${place})`;
}

function repositoryRemedy(text: string): string {
  const meant = repositoryIn(text);
  if (meant !== undefined && isRepositoryName(meant)) {
    return `write ${meant}: the registry of all images stands once, under \`registry\`${registryNamed(text)}, and versions come from their tags`;
  }
  return "write its name in ECR without registry and tag: lower-case letters, digits, . _ - and /";
}

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

function tagPattern(example: string): z.ZodType<TagPattern, string> {
  return parsedText(parseTagPattern, {
    expected: "tag with one {version}",
    remedy: `write it as ${example}, with exactly one {version}`,
    pattern: "^[a-zA-Z0-9._-]*\\{version\\}[a-zA-Z0-9._-]*$",
  });
}

function region(): z.ZodType<string, string> {
  return textLike(/^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/, {
    expected: "AWS Region",
    remedy: "write it as eu-west-1",
  });
}

function duration({
  min = 0,
  max,
}: {
  readonly min?: number;
  readonly max: number;
}): z.ZodType<number, string> {
  const inRange = (text: string): number | undefined => {
    const milliseconds = parseDuration(text);
    return milliseconds !== undefined && milliseconds >= min && milliseconds <= max
      ? milliseconds
      : undefined;
  };
  const expected = `duration from ${formatDuration(min)} to ${formatDuration(max)}`;
  const examples = ["90s", "2m", "1h30m", "7d"].filter((text) => inRange(text) !== undefined);
  return parsedText(inRange, {
    expected,
    remedy: `write it as ${examples.slice(0, -1).join(", ")} or ${examples.at(-1)}`,
    pattern: "^(\\d+(ms|s|m|h|d))+$",
    examples,
  });
}

/** RFC 1123 label (kubernetes.io, "Object Names and IDs"). */
export function namespaceSchema(): z.ZodType<string, string> {
  return textLike(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    expected: "namespace",
    remedy: "use lower-case letters, digits and -, at most 63",
  });
}

/** Inside the project, so that what runs is reviewed and packaged together with the configuration. */
export function folderSchema(): z.ZodType<string, string> {
  return textLike(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\:]+$/, {
    expected: "folder of the project",
    remedy: "write a path below this file, such as deploy/orderbook",
  });
}
