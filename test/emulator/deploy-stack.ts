import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { packageStack, type Packaged, type Template } from "../packaging/package-stack.ts";
import { callEmulator } from "./call-emulator.ts";
import { region } from "./emulator.ts";

export interface DeployedStack {
  readonly template: Template;
  readonly outputs: Readonly<Record<string, string>>;
}

const stack = "promoter-test";

/**
 * As `serverless deploy` does it: a stack with nothing but a bucket, the archives and the template
 * into it, then the whole stack.
 */
export async function deployStack(): Promise<DeployedStack> {
  const packaged = await packageStack();
  try {
    const bare = await readFile(
      join(packaged.folder, "cloudformation-template-create-stack.json"),
      "utf8",
    );
    await callStacks("CreateStack", { TemplateBody: bare });
    const { ServerlessDeploymentBucketName: bucket = "" } = await outputsOnce("CREATE_COMPLETE");
    await upload(packaged, bucket);
    await callStacks("UpdateStack", {
      TemplateURL: `https://s3.${region}.amazonaws.com/${bucket}/template.json`,
      "Capabilities.member.1": "CAPABILITY_NAMED_IAM",
    });
    return { template: packaged.template, outputs: await outputsOnce("UPDATE_COMPLETE") };
  } finally {
    await packaged.remove();
  }
}

async function upload({ folder, template }: Packaged, bucket: string): Promise<void> {
  const put = (key: string, body: string | Uint8Array<ArrayBuffer>) =>
    callEmulator("s3", { method: "PUT", path: `/${bucket}/${key}`, body });
  for (const key of archivesOf(template)) {
    await put(key, await readFile(join(folder, basename(key))));
  }
  await put("template.json", JSON.stringify(template));
}

/** Where the template expects the code of its functions. */
function archivesOf({ Resources }: Template): readonly string[] {
  const functions = Object.values(Resources).filter(({ Type }) => Type === "AWS::Lambda::Function");
  return functions.map(
    ({ Properties }) => (Properties["Code"] as { readonly S3Key: string }).S3Key,
  );
}

const maxDeploymentTime = 30_000;

async function outputsOnce(wanted: string): Promise<Readonly<Record<string, string>>> {
  for (const deadline = Date.now() + maxDeploymentTime; ; await wait(100)) {
    const described = await callStacks("DescribeStacks", {});
    const [, status = "none"] = /<StackStatus>(\w+)</.exec(described) ?? [];
    if (status === wanted) return outputsIn(described);
    if (!status.endsWith("_IN_PROGRESS") || Date.now() > deadline) {
      throw new Error(`the stack is ${status}: ${await callStacks("DescribeStackEvents", {})}`);
    }
  }
}

function outputsIn(described: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...described.matchAll(/<OutputKey>([^<]+)<\/OutputKey><OutputValue>([^<]*)</g)].map(
      ([, key = "", value = ""]) => [key, value],
    ),
  );
}

/** CloudFormation speaks the query protocol. */
function callStacks(action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const body = new URLSearchParams({
    Action: action,
    Version: "2010-05-15",
    StackName: stack,
    ...parameters,
  }).toString();
  return callEmulator("cloudformation", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
  });
}
