import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { RealEcr, RealParts } from "@promoter/local-cloud/real-parts";
import * as z from "zod";
import { inReadingOrder, type Fault, type Finding } from "../../src/config/fault.ts";
import type { JsonSchema } from "../../src/config/json-schema.ts";
import { schemaFindings } from "../../src/config/schema-findings.ts";
import { readYaml } from "../../src/config/yaml-text.ts";
import type { Registry } from "../../src/domain/configuration.ts";
import { partitionOf } from "../../src/domain/partition.ts";
import { readSlackSecret, type SecretResult, type SlackSecret } from "./read-slack-secret.ts";
import { realPartsSchema } from "./real-parts-schema.ts";

export interface RealPartsPlace {
  readonly root: string;
  /** Below the root, such as promoter.local.yml. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly registry: Registry;
  /** The user's own for a Region, from wherever the AWS tools find them. */
  readonly credentials: (region: string) => RealEcr["credentials"];
}

export type LoadedRealParts =
  | { readonly kind: "ok"; readonly real: RealParts }
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] };

/** Reads the file of real parts and the secret that it names, and reports all faults at once. */
export async function loadRealParts(place: RealPartsPlace): Promise<LoadedRealParts> {
  const { root, file } = place;
  const text = await readFile(resolve(root, file), "utf8").catch(() => undefined);
  if (text === undefined) {
    return {
      kind: "faulty",
      faults: [
        {
          file,
          line: 1,
          column: 1,
          message: "this file cannot be read",
          remedy: "create it, or name another one with --real",
          excerpt: "",
        },
      ],
    };
  }
  const yaml = readYaml({ file, text });
  const faulty = (findings: readonly Finding[]): LoadedRealParts => ({
    kind: "faulty",
    faults: inReadingOrder([...yaml.faults, ...findings.map(yaml.locate)].map(maskFault), file),
  });
  if (yaml.value === undefined) return faulty([]);
  const written = realPartsSchema.safeParse(yaml.value);
  const secret = await secretFor(yaml.value, place);
  const findings = [
    ...schemaFindings(written.error?.issues ?? [], { value: yaml.value, schema, unavailable }),
    ...(secret?.kind === "faulty" ? secret.findings : []),
  ];
  if (!written.success || yaml.faults.length > 0 || findings.length > 0) return faulty(findings);
  return {
    kind: "ok",
    real: {
      ...ecrOf(written.data, place),
      ...slackOf(written.data, secret?.kind === "ok" ? secret.secret : undefined),
    },
  };
}

const schema = z.toJSONSchema(realPartsSchema, { target: "draft-7", io: "input" }) as JsonSchema;

const inFile =
  "keep it in a file outside the project that slack.secret names, or in the environment";
const inPromoterYml =
  "a real cluster is named in promoter.yml: clusters: { <name>: { context: <context of your kubeconfig> } }";
const belongsTogether =
  "it stays simulated: executions, functions and their table belong together, in this process";

const unreachable = "it stays simulated: a real bus cannot reach the functions of this process";

/** What a person may want to be real, and why it is not. */
const unavailable: Readonly<Record<string, string>> = {
  botToken: inFile,
  token: inFile,
  signingSecret: inFile,
  cluster: inPromoterYml,
  clusters: inPromoterYml,
  kubernetes: inPromoterYml,
  eks:
    "name a context of your kubeconfig in promoter.yml: clusters: { <name>: { context: … } }; " +
    "`aws eks update-kubeconfig` writes one",
  dynamodb: belongsTogether,
  lambda: belongsTogether,
  states: belongsTogether,
  stepfunctions: belongsTogether,
  eventbridge: unreachable,
  events: unreachable,
  sqs: "it stays simulated: only dead letters of this process go there",
  secretsmanager:
    "it stays simulated: its only secret is that of Slack, which slack.secret provides",
};

/**
 * The secret is read as soon as slack is present at all, so that its faults are reported with the
 * others.
 */
async function secretFor(
  document: unknown,
  { root, env }: RealPartsPlace,
): Promise<SecretResult | undefined> {
  const found = z
    .looseObject({ slack: z.looseObject({ secret: z.string().min(1).optional() }) })
    .safeParse(document);
  return found.success
    ? readSlackSecret({ root, env, secret: found.data.slack.secret })
    : undefined;
}

function ecrOf(
  { ecr }: z.output<typeof realPartsSchema>,
  { registry: { region }, credentials }: RealPartsPlace,
): Pick<RealParts, "ecr"> {
  // Amazon ECR endpoints and quotas (AWS General Reference).
  const own = `https://api.ecr.${region}.${partitionOf(region).dnsSuffix}`;
  return ecr ? { ecr: { endpoint: ecr.endpoint ?? own, credentials: credentials(region) } } : {};
}

function slackOf(
  { slack }: z.output<typeof realPartsSchema>,
  secret: SlackSecret | undefined,
): Pick<RealParts, "slack"> {
  if (!slack || !secret) return {};
  const { api, hooks, callbackPort } = slack;
  return { slack: { api, hooks, callbackPort, ...secret } };
}

/** A token that was written here by mistake is not repeated in the message. */
function maskFault(fault: Fault): Fault {
  return {
    ...fault,
    message: maskSecrets(fault.message),
    remedy: maskSecrets(fault.remedy),
    excerpt: maskSecrets(fault.excerpt),
  };
}

function maskSecrets(text: string): string {
  return text.replace(/xox\w?-[\w-]+|\b[0-9a-f]{32}\b/g, "(secret)");
}
