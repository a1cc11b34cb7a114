import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import aslValidator from "asl-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTemplate, type LoadedTemplate } from "../../scripts/stack/load-template.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { packageStack, projectWith, root, type Packaged, type Template } from "./package-stack.ts";

const clusterFunctions = [
  "preparePodSpec",
  "deployPodSpec",
  "checkRollout",
  "rollBack",
  "checkRollback",
  "restoreEnvironment",
];
const bundleOf = (key: string): string => join(root, ".build", key, "index.mjs");
const pascal = (key: string): string => `${key.charAt(0).toUpperCase()}${key.slice(1)}`;

describe("the packaged stack", () => {
  let packaged: Packaged;
  let template: Template;
  let loaded: LoadedTemplate;
  beforeAll(async () => {
    const read = await loadConfiguration({ root, config: "promoter.yml" });
    if (read.kind === "faulty") throw new Error("promoter.yml of this repository is faulty");
    loaded = await loadTemplate({ root, configuration: read.configuration, stage: "test" });
    packaged = await packageStack();
    ({ template } = packaged);
  });
  afterAll(() => packaged.remove());

  const ofType = (type: string): Template["Resources"] =>
    Object.fromEntries(Object.entries(template.Resources).filter(([, { Type }]) => Type === type));

  const filtersFor = (metric: string) =>
    Object.values(ofType("AWS::Logs::MetricFilter"))
      .map(({ Properties }) => Properties)
      .filter(({ MetricTransformations }) =>
        JSON.stringify(MetricTransformations).includes(`"MetricName":"${metric}"`),
      );

  it("has a resource for every reference", () => {
    const known = new Set([
      ...Object.keys(template.Resources),
      "AWS::AccountId",
      "AWS::Region",
      "AWS::Partition",
    ]);
    expect(references(template).filter((name) => !known.has(name))).toEqual([]);
    expect(references(template).length).toBeGreaterThan(200);
  });

  it("has a valid state machine, every placeholder of which is filled in, and no more than those", () => {
    const { DefinitionString: text, DefinitionSubstitutions } = (
      template.Resources["Promotion"] ?? { Properties: {} }
    ).Properties as unknown as { DefinitionString: string; DefinitionSubstitutions: object };
    for (const partition of ["aws", "aws-cn", "aws-us-gov"]) {
      expect({
        partition,
        errors: aslValidator(JSON.parse(text.replaceAll("${Partition}", partition))).errors,
      }).toEqual({ partition, errors: [] });
    }
    expect(new Set(Object.keys(DefinitionSubstitutions))).toEqual(
      new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)),
    );
  });

  it("is what the fast loader gives to the local cloud", () => {
    for (const [id, resource] of Object.entries(loaded.Resources)) {
      expect({ [id]: template.Resources[id] }).toEqual({ [id]: resource });
    }
    const types = [
      "AWS::IAM::Role",
      "AWS::IAM::ManagedPolicy",
      "AWS::Events::Rule",
      "AWS::DynamoDB::Table",
      "AWS::StepFunctions::StateMachine",
      "AWS::SQS::Queue",
      "AWS::SecretsManager::Secret",
      "AWS::Lambda::Url",
      "AWS::Lambda::EventInvokeConfig",
    ];
    const here = types.flatMap((type) => Object.keys(ofType(type)));
    expect(here.filter((id) => !loaded.Resources[id])).toEqual([]);
  });

  it("has the loader's functions, with their names, roles, limits and variables", () => {
    const made = loaded.functions.map(
      ({ key }) => template.Resources[`${pascal(key)}LambdaFunction`]?.Properties,
    );
    expect(Object.keys(ofType("AWS::Lambda::Function"))).toHaveLength(loaded.functions.length);
    expect(made).toEqual(
      loaded.functions.map(
        ({ key, name, role, timeout, memorySize, environment }) =>
          expect.objectContaining({
            FunctionName: name,
            Role: { "Fn::GetAtt": [role, "Arn"] },
            Timeout: timeout,
            MemorySize: memorySize,
            Runtime: "nodejs24.x",
            Environment: {
              Variables: { ...environment, PROMOTER_CONFIGURATION: `.build/${key}/promoter.json` },
            },
          }) as unknown,
      ),
    );
  });

  it("gives each function a role of its own and no managed policy of AWS", () => {
    const roles = loaded.functions.map(({ role }) => role);
    expect(new Set(roles).size).toBe(roles.length);
    expect(Object.keys(ofType("AWS::IAM::Role")).toSorted()).toEqual(
      [...roles, "PromotionRole"].toSorted(),
    );
    expect(JSON.stringify(template)).not.toContain("service-role/");
  });

  it("keeps events whose function fails, in a queue that EventBridge may write to", () => {
    const configs = Object.values(ofType("AWS::Lambda::EventInvokeConfig")).map(
      ({ Properties }) => Properties,
    );
    expect(configs.map(({ FunctionName }) => FunctionName)).toEqual(
      ["OnImagePush", "OnFactsChanged", "OnExecutionEnded", "Reconcile"].map((name) => ({
        Ref: `${name}LambdaFunction`,
      })),
    );
    for (const { DestinationConfig } of configs) {
      expect(DestinationConfig).toEqual({
        OnFailure: { Destination: { "Fn::GetAtt": ["DeadLetters", "Arn"] } },
      });
    }
    expect(template.Resources["DeadLettersPolicy"]?.Properties).toMatchObject({
      Queues: [{ Ref: "DeadLetters" }],
      PolicyDocument: {
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Condition: {
              ArnLike: {
                "aws:SourceArn": {
                  "Fn::Sub": expect.stringMatching(/:rule\/promoter-test-\*$/) as unknown,
                },
              },
            },
          },
        ],
      },
    });
  });

  it("counts what event functions refuse, for one alarm", () => {
    const filters = filtersFor("RefusedEvents");
    expect(filters.map(({ LogGroupName }) => LogGroupName)).toEqual(
      ["OnImagePush", "OnFactsChanged", "OnExecutionEnded"].map((name) => ({
        Ref: `${name}LogGroup`,
      })),
    );
    const { MetricName, Namespace, Dimensions } =
      template.Resources["RefusedEventsAlarm"]?.Properties ?? {};
    expect(Dimensions).toEqual([]);
    const line = `2026-01-05T09:00:00.000Z\tid\tINFO\t${JSON.stringify({ level: "error", function: "OnImagePush", outcome: "refused", took: 0 })}`;
    for (const { FilterPattern, MetricTransformations } of filters) {
      expect(MetricTransformations).toEqual([
        { MetricNamespace: Namespace, MetricName, MetricValue: "1" },
      ]);
      expect(line).toMatch(new RegExp(String(FilterPattern).slice(1, -1)));
    }
  });

  it("counts what reconcile sets aside, for an alarm of its own", () => {
    const [filter, ...others] = filtersFor("SetAside");
    expect(others).toEqual([]);
    expect(filter?.["LogGroupName"]).toEqual({ Ref: "ReconcileLogGroup" });
    const told = JSON.stringify({
      level: "info",
      function: "Reconcile",
      reasons: ["p-1 is set aside: the item is too large"],
    });
    expect(told).toMatch(new RegExp(String(filter?.["FilterPattern"]).slice(1, -1)));
  });

  it("lets only each rule, and the callers of the function URL, invoke its function", () => {
    const permissions = Object.values(ofType("AWS::Lambda::Permission")).map(
      ({ Properties }) => Properties,
    );
    const invoked = permissions
      .filter(({ Principal }) => Principal === "events.amazonaws.com")
      .map(({ FunctionName }) => FunctionName);
    const targets = Object.values(ofType("AWS::Events::Rule")).flatMap(({ Properties }) =>
      (Properties["Targets"] as { Arn: unknown }[]).map(({ Arn }) => Arn),
    );
    expect(new Set(targets.map((target) => JSON.stringify(target)))).toEqual(
      new Set(invoked.map((target) => JSON.stringify(target))),
    );
    const others = permissions
      .filter(({ Principal }) => Principal !== "events.amazonaws.com")
      .map(({ FunctionName }) => FunctionName);
    expect(others).toEqual([
      { "Fn::GetAtt": ["OnSlackActionLambdaFunction", "Arn"] },
      { "Fn::GetAtt": ["OnSlackActionLambdaFunction", "Arn"] },
    ]);
  });

  it("packs each bundle together with the configuration, at the places where Lambda and the function look", async () => {
    for (const { key } of loaded.functions) {
      const archive = await readFile(join(packaged.folder, `${key}.zip`));
      expect(template.Resources[`${pascal(key)}LambdaFunction`]?.Properties["Handler"]).toBe(
        `.build/${key}/index.handler`,
      );
      expect(
        ["index.mjs", "promoter.json"].filter((file) => !archive.includes(`.build/${key}/${file}`)),
      ).toEqual([]);
    }
  });

  it("gives pod specs to PreparePodSpec alone", async () => {
    const carrying: string[] = [];
    for (const { key } of loaded.functions) {
      const { configuration, podSpecs } = JSON.parse(
        await readFile(join(root, ".build", key, "promoter.json"), "utf8"),
      ) as { configuration: object; podSpecs: object };
      expect(configuration).toHaveProperty("registry");
      if (Object.keys(podSpecs).length > 0) carrying.push(key);
    }
    expect(carrying).toEqual(["preparePodSpec"]);
  });

  it("puts the schemas of Kubernetes beside the one function that judges objects", async () => {
    const data = join(root, "kubernetes-schemas/kubernetes.json");
    const having = loaded.functions
      .map(({ key }) => key)
      .filter((key) => existsSync(join(root, ".build", key, "kubernetes.json")));
    expect(having).toEqual(["preparePodSpec"]);
    const shipped = await readFile(join(root, ".build/preparePodSpec/kubernetes.json"), "utf8");
    expect(shipped).toBe(await readFile(data, "utf8"));
    expect(await readFile(bundleOf("preparePodSpec"), "utf8")).not.toContain("core.v1.PodSpec");
  });

  it("keeps every bundle within 700 KB, those that talk to clusters within 800 KB, the one that also reads and judges objects within 1 MB", async () => {
    const limits: Readonly<Record<string, number>> = {
      ...Object.fromEntries(clusterFunctions.map((key) => [key, 800_000])),
      preparePodSpec: 1_000_000,
    };
    const sizes = await Promise.all(
      loaded.functions.map(async ({ key }) => ({ key, size: (await stat(bundleOf(key))).size })),
    );
    expect(sizes.filter(({ key, size }) => size > (limits[key] ?? 700_000))).toEqual([]);
  });

  it("has bundles that run under Node 24, whose errors keep their names although they are minified", async () => {
    // The others take any event.
    const keys = loaded.functions.map(({ key }) => key).filter((key) => key !== "reconcile");
    const variables = {
      AWS_REGION: "eu-west-1",
      PROMOTER_TABLE: "t",
      PROMOTER_REGISTRY: "111122223333",
      PROMOTER_STATE_MACHINE_ARN: "arn:aws:states:eu-west-1:111122223333:stateMachine:m",
      PROMOTER_SLACK_SECRET: "s",
    };
    const { stdout } = await promisify(execFile)(
      "node",
      [join(root, "test/packaging/call-bundles.mjs"), ...keys.map(bundleOf)],
      { env: { PATH: process.env["PATH"], ...variables } },
    );
    const answers = JSON.parse(stdout.split("\n").at(-1) ?? "{}") as object;
    const others: Readonly<Record<string, unknown>> = {
      onSlackAction: 400,
      onImagePush: "refused",
      onFactsChanged: "refused",
      onExecutionEnded: "refused",
    };
    expect(answers).toEqual(
      Object.fromEntries(keys.map((key) => [bundleOf(key), others[key] ?? "InvalidInput"])),
    );
  });
});

it("packages nothing of a faulty promoter.yml and says where the faults are", async () => {
  const place = await projectWith(
    'registry: { account: "12", region: eu-west-1 }\nclusters: {}\napplications: {}\n',
  );
  await expect(packageStack(place)).rejects.toMatchObject({
    stdout: expect.stringMatching(/promoter\.yml:1:\d+: /) as unknown,
  });
  await rm(place, { recursive: true });
});

function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === "Ref") return [String(member)];
    if (key === "Fn::GetAtt") return Array.isArray(member) ? [String(member[0])] : [];
    return key === "DependsOn" ? [member].flat().map(String) : references(member);
  });
}
