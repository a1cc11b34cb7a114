import { readdirSync } from "node:fs";
import { resolveTemplate } from "@promoter/local-cloud/internal/template/resolve-template.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { loadTemplate, type LoadedTemplate } from "../../../../scripts/stack/load-template.ts";
import { rulesSchema } from "../../../../src/domain/rules/index.ts";
import { tasks } from "../../../../src/promotion/tasks.ts";
import { manyApplications } from "./many-applications.ts";

const root = new URL("../../../../", import.meta.url).pathname;
const configuration = manyApplications({ applications: 1, repositories: 1, nameLength: 10 });
const repository = "arn:aws:ecr:eu-west-1:111122223333:repository/team/application-0/image-0-";
const kebab = (key: string): string =>
  key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: {
    readonly "ForAllValues:StringLike": { readonly "dynamodb:LeadingKeys": readonly string[] };
  };
}

describe("the stack of serverless.yml", () => {
  let template: LoadedTemplate;
  let resolve: (value: unknown) => unknown;
  beforeEach(async () => {
    template = await loadTemplate({ root, configuration, stage: "blue" });
    resolve = resolveTemplate(template, { account: "111122223333", region: "eu-west-1" });
  });

  function statementsOf(key: string): readonly Statement[] {
    const role = template.functions.find((one) => one.key === key)?.role ?? "";
    const { Policies } = resolve(template.Resources[role]?.Properties) as {
      Policies: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
    };
    return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  }

  function mayWriteApprovals(key: string): boolean {
    return statementsOf(key).some(
      ({ Action, Condition }) =>
        Action.includes("dynamodb:PutItem") &&
        Condition?.["ForAllValues:StringLike"]["dynamodb:LeadingKeys"].includes("APPROVAL#*") ===
          true,
    );
  }

  function asksObservers(key: string): boolean {
    return statementsOf(key).some(({ Action }) =>
      Action.some((one) => /^(?:cloudwatch|lambda):/.test(one)),
    );
  }

  function resourceOf(key: string, action: string): unknown {
    return statementsOf(key).find(({ Action }) => Action.includes(action))?.Resource;
  }

  function variables(key: string): readonly string[] {
    return Object.keys(template.functions.find((one) => one.key === key)?.environment ?? {}).filter(
      (name) => name.startsWith("PROMOTER_"),
    );
  }

  function actionsOf(key: string, service: string): readonly string[] {
    return statementsOf(key)
      .flatMap(({ Action }) => Action)
      .filter((action) => action.startsWith(`${service}:`));
  }

  it("has a function for each handler, named after its file and the stage", () => {
    const files = readdirSync(`${root}functions`)
      .map((file) => file.replace(".ts", ""))
      .toSorted();
    expect(template.functions.map(({ handler }) => handler).toSorted()).toEqual(
      files.map((file) => `functions/${file}.handler`),
    );
    expect(template.functions.map(({ name }) => name).toSorted()).toEqual(
      files.map((file) => `promoter-blue-${file}`),
    );
  });

  it("says of each function what it may do, and of nothing else", () => {
    expect(Object.keys(tasks).toSorted()).toEqual(
      template.functions.map(({ key }) => key).toSorted(),
    );
  });

  it("gives each function a role of its own that may write to its own log group only", () => {
    expect(new Set(template.functions.map(({ role }) => role)).size).toBe(
      template.functions.length,
    );
    for (const { key } of template.functions) {
      const [logs] = statementsOf(key).filter(({ Action }) =>
        Action.some((action) => action.startsWith("logs:")),
      );
      expect(logs?.Resource).toBe(
        `arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/promoter-blue-${kebab(key)}:*`,
      );
    }
  });

  it("lets no one delete an image", () => {
    expect(JSON.stringify(template)).not.toContain("BatchDeleteImage");
  });

  it.each([
    ["retagImages", "ecr", ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:PutImage"]],
    ["moveMovingTags", "ecr", ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:PutImage"]],
    [
      "verifyImages",
      "ecr",
      [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:DescribeImageScanFindings",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
      ],
    ],
    ["verifyImages", "inspector2", ["inspector2:ListCoverage", "inspector2:ListFindings"]],
    ["checkProductionTags", "ecr", ["ecr:DescribeRepositories"]],
    ["deployPodSpec", "eks", ["eks:DescribeCluster"]],
    [
      "onImagePush",
      "states",
      ["states:DescribeExecution", "states:SendTaskSuccess", "states:StartExecution"],
    ],
    ["onSlackAction", "states", ["states:SendTaskSuccess"]],
    ["showStatus", "states", []],
    ["requestApproval", "secretsmanager", ["secretsmanager:GetSecretValue"]],
    ["announce", "events", ["events:PutEvents"]],
    ["onImagePush", "sqs", ["sqs:SendMessage"]],
  ])("lets %s call of %s exactly %j", (key, service, actions) => {
    expect(actionsOf(key, service)).toEqual(actions);
  });

  it("gives no permission for what no rule of promoter.yml reads", async () => {
    const { applications } = configuration;
    const quiet = Object.fromEntries(
      Object.entries(applications).map(([name, one]) => [
        name,
        {
          ...one,
          environments: Object.fromEntries(
            Object.entries(one.environments).map(([key, environment]) => [
              key,
              { ...environment, rules: rulesSchema.parse({}) },
            ]),
          ),
        },
      ]),
    );
    template = await loadTemplate({
      root,
      configuration: { ...configuration, applications: quiet },
      stage: "blue",
    });
    resolve = resolveTemplate(template, { account: "111122223333", region: "eu-west-1" });
    expect(actionsOf("verifyImages", "ecr")).toEqual([
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer",
    ]);
    expect(actionsOf("verifyImages", "inspector2")).toEqual([]);
  });

  it("keeps writing to the registry to the two steps that set tags", () => {
    expect(
      template.functions
        .filter(({ key }) => actionsOf(key, "ecr").includes("ecr:PutImage"))
        .map(({ key }) => key),
    ).toEqual(["retagImages", "moveMovingTags"]);
  });

  it("keeps reading secrets to the functions that talk to Slack", () => {
    const keys = template.functions
      .filter(({ key }) => actionsOf(key, "secretsmanager").length > 0)
      .map(({ key }) => key);
    expect(keys).toEqual([
      "requestApproval",
      "announce",
      "onExecutionEnded",
      "reconcile",
      "onSlackAction",
    ]);
  });

  it("keeps writing approvals to asking, deciding and the signed click", () => {
    expect(template.functions.map(({ key }) => key).filter(mayWriteApprovals)).toEqual([
      "requestApproval",
      "decideApproval",
      "onSlackAction",
    ]);
  });

  it("limits every statement on the table to partitions", () => {
    const onTable = template.functions
      .flatMap(({ key }) => statementsOf(key))
      .filter(({ Action }) => Action.some((action) => action.startsWith("dynamodb:")));
    expect(onTable.filter(({ Condition }) => !Condition)).toEqual([]);
  });

  it("names repository and cluster exactly, and leaves out clusters that are no EKS clusters", () => {
    expect(resourceOf("retagImages", "ecr:PutImage")).toEqual([repository]);
    expect(resourceOf("rollBack", "eks:DescribeCluster")).toEqual([
      "arn:aws:eks:eu-west-1:111122223333:cluster/live",
    ]);
  });

  it("names no cluster that no environment deploys to", async () => {
    const clusters = {
      ...configuration.clusters,
      spare: { kind: "eks", name: "spare", region: "eu-west-1" } as const,
    };
    const whole = JSON.stringify(
      await loadTemplate({ root, configuration: { ...configuration, clusters } }),
    );
    expect(whole).toContain("cluster/live");
    expect(whole).not.toContain("cluster/spare");
  });

  it("lets alarms be read and functions be invoked exactly as observe names them, by one function", async () => {
    const alarm = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors";
    const smoke = "arn:aws:lambda:eu-west-1:111122223333:function:smoke";
    const watched = structuredClone(configuration);
    for (const { environments } of Object.values(watched.applications)) {
      for (const environment of Object.values(environments)) {
        Object.assign(environment, {
          observe: { for: 60_000, alarms: [alarm], http: undefined, function: smoke },
        });
      }
    }
    expect(template.functions.filter(({ key }) => asksObservers(key))).toEqual([]);
    template = await loadTemplate({ root, configuration: watched, stage: "blue" });
    expect(template.functions.flatMap(({ key }) => (asksObservers(key) ? [key] : []))).toEqual([
      "observeRelease",
    ]);
    expect(resourceOf("observeRelease", "cloudwatch:DescribeAlarms")).toEqual([alarm]);
    expect(resourceOf("observeRelease", "lambda:InvokeFunction")).toEqual([smoke]);
    expect(resourceOf("observeRelease", "eks:DescribeCluster")).toBeUndefined();
  });

  it("lets findings of Inspector be read only where a rule of promoter.yml reads them", async () => {
    const applications = Object.fromEntries(
      Object.entries(configuration.applications).map(([name, application]) => [
        name,
        {
          ...application,
          environments: Object.fromEntries(
            Object.entries(application.environments).map(([key, environment]) => [
              key,
              { ...environment, rules: { ...environment.rules, scan: undefined } },
            ]),
          ),
        },
      ]),
    );
    expect(resourceOf("verifyImages", "inspector2:ListFindings")).toBe("*");
    expect(
      JSON.stringify(
        await loadTemplate({ root, configuration: { ...configuration, applications } }),
      ),
    ).not.toContain("inspector2:");
  });

  it("gives each function only the variables it reads", () => {
    expect(variables("showHistory")).toEqual(["PROMOTER_TABLE"]);
    expect(variables("retagImages")).toEqual(["PROMOTER_TABLE", "PROMOTER_REGISTRY"]);
    expect(variables("reconcile")).toEqual([
      "PROMOTER_TABLE",
      "PROMOTER_STATE_MACHINE_ARN",
      "PROMOTER_SLACK_SECRET",
    ]);
  });

  it("ties every placeholder of the state machine to its function, and lets the machine invoke exactly these", () => {
    const { DefinitionString, DefinitionSubstitutions } = resolve(
      template.Resources["Promotion"]?.Properties,
    ) as { DefinitionString: string; DefinitionSubstitutions: Record<string, string> };
    const used = new Set([...DefinitionString.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    expect(new Set(Object.keys(DefinitionSubstitutions))).toEqual(used);
    const { Partition, ...functions } = DefinitionSubstitutions;
    expect(Partition).toBe("aws");
    const role = resolve(template.Resources["PromotionRole"]?.Properties) as {
      Policies: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
    };
    expect(role.Policies[0]?.PolicyDocument.Statement[0]).toMatchObject({
      Action: ["lambda:InvokeFunction"],
      Resource: Object.values(functions),
    });
  });

  it("delivers every event with retries and to the queue for dead letters when they fail", () => {
    const rules = Object.values(template.Resources).filter(
      ({ Type }) => Type === "AWS::Events::Rule",
    );
    expect(rules).toHaveLength(5);
    for (const { Properties } of rules) {
      expect(resolve(Properties?.["Targets"])).toEqual([
        expect.objectContaining({
          RetryPolicy: expect.anything() as unknown,
          DeadLetterConfig: {
            Arn: "arn:aws:sqs:eu-west-1:111122223333:promoter-blue-dead-letters",
          },
        }),
      ]);
    }
  });

  // CloudFormation user guide, "DeletionPolicy attribute": deleted only when the operation that created it is rolled back.
  it.each(["Table", "SlackSecret"])(
    "keeps %s when the stack is removed, but not when its first deployment fails",
    (id) => {
      expect(template.Resources[id]).toMatchObject({
        DeletionPolicy: "RetainExceptOnCreate",
        UpdateReplacePolicy: "Retain",
      });
    },
  );

  it("gives the same resources whenever it is asked", async () => {
    expect(await loadTemplate({ root, configuration, stage: "blue" })).toEqual(template);
  });
});
