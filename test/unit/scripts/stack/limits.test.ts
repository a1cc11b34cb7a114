import { resolveTemplate } from "@promoter/local-cloud/internal/template/resolve-template.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTemplate, type LoadedTemplate } from "../../../../scripts/stack/load-template.ts";
import { repositoriesOf } from "../../../../src/domain/configuration.ts";
import { manyApplications } from "./many-applications.ts";

const root = new URL("../../../../", import.meta.url).pathname;
const configuration = manyApplications({
  applications: 100,
  repositories: 3,
  environments: 2,
  nameLength: 60,
  prefix: (index) => (index % 2 ? "dev-" : "edge-"),
});
const place = { account: "111122223333", region: "eu-west-1" };

interface Policy {
  readonly Statement: readonly {
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
}

interface Role {
  readonly Policies: readonly { readonly PolicyDocument: Policy }[];
  readonly ManagedPolicyArns?: readonly string[];
}

describe("a stack of 100 applications with 3 repositories and 2 environments each", () => {
  let template: LoadedTemplate;
  let resolve: (value: unknown) => unknown;
  beforeAll(async () => {
    template = await loadTemplate({ root, configuration });
    resolve = resolveTemplate(template, place);
  });

  function propertiesOf(type: string): readonly unknown[] {
    return Object.values(template.Resources)
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => resolve(Properties));
  }

  function roles(): readonly Role[] {
    return propertiesOf("AWS::IAM::Role") as readonly Role[];
  }

  function managedPolicies(): readonly Policy[] {
    return (
      propertiesOf("AWS::IAM::ManagedPolicy") as readonly { readonly PolicyDocument: Policy }[]
    ).map(({ PolicyDocument }) => PolicyDocument);
  }

  // IAM user guide, "IAM and AWS STS quotas": white space does not count.
  it("keeps the inline policies of each role under 10,240 characters", () => {
    const sizes = roles().map(({ Policies }) =>
      Policies.reduce((sum, { PolicyDocument }) => sum + JSON.stringify(PolicyDocument).length, 0),
    );
    expect(sizes.length).toBeGreaterThan(25);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10_240);
  });

  it("keeps each managed policy under 6,144 characters and attaches at most 10 to a role", () => {
    const sizes = managedPolicies().map((policy) => JSON.stringify(policy).length);
    expect(sizes.length).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(6144);
    expect(
      Math.max(...roles().map(({ ManagedPolicyArns = [] }) => ManagedPolicyArns.length)),
    ).toBeLessThanOrEqual(10);
  });

  // EventBridge user guide, "EventBridge quotas".
  it("keeps each event pattern under 2,048 characters, with under 300 rules of at most 5 targets", () => {
    const rules = propertiesOf("AWS::Events::Rule") as readonly {
      EventPattern?: object;
      Targets: readonly object[];
    }[];
    expect(
      Math.max(...rules.map(({ EventPattern = {} }) => JSON.stringify(EventPattern).length)),
    ).toBeLessThanOrEqual(2048);
    expect(rules.length).toBeLessThanOrEqual(300);
    expect(Math.max(...rules.map(({ Targets }) => Targets.length))).toBeLessThanOrEqual(5);
  });

  // Lambda developer guide, "Lambda quotas".
  it("keeps the environment of each function under 4 KB", () => {
    const sizes = template.functions.map(
      ({ environment }) => JSON.stringify(resolve(environment)).length,
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
  });

  // CloudFormation user guide, "Understand CloudFormation quotas". Function and log group are made by the framework, a few more around them.
  it("stays under 500 resources and 1 MB of template", () => {
    const byFramework = template.functions.length * 3 + 5;
    expect(Object.keys(template.Resources).length + byFramework).toBeLessThanOrEqual(500);
    expect(JSON.stringify(template, undefined, 2).length + byFramework * 1500).toBeLessThanOrEqual(
      1_000_000,
    );
  });

  it("gives every role that reads the registry exactly the repositories of promoter.yml, none by a wildcard", () => {
    const wanted = Object.values(configuration.applications).flatMap((application) =>
      repositoriesOf(application).map(
        (name) => `arn:aws:ecr:eu-west-1:111122223333:repository/${name}`,
      ),
    );
    const policies = [
      ...roles().flatMap((role) => role.Policies.map(({ PolicyDocument }) => PolicyDocument)),
      ...managedPolicies(),
    ];
    const onRegistry = policies
      .flatMap(({ Statement }) => Statement)
      .filter(({ Action }) => [Action].flat().some((action) => action.startsWith("ecr:")));
    expect(new Set(onRegistry.flatMap(({ Resource }) => Resource))).toEqual(new Set(wanted));
    expect(new Set(onRegistry.flatMap(({ Action }) => Action))).not.toContain(
      "ecr:BatchDeleteImage",
    );
    const putting = onRegistry
      .filter(({ Action }) => Action.includes("ecr:PutImage"))
      .flatMap(({ Resource }) => Resource);
    expect(putting.toSorted()).toEqual([...wanted, ...wanted].toSorted());
  });
});

it("says so when promoter.yml names more repositories than a role can be given", async () => {
  const tooMany = manyApplications({ applications: 100, repositories: 6, nameLength: 200 });
  await expect(loadTemplate({ root, configuration: tooMany })).rejects.toThrow(
    /managed policies.*split promoter\.yml/,
  );
});
