import { describe, expect, it } from "vitest";
import { deriveRules } from "../../../../scripts/stack/derive-rules.ts";
import type { Resources } from "../../../../scripts/stack/service.ts";
import { repositoriesOf } from "../../../../src/domain/configuration.ts";
import { manyApplications } from "./many-applications.ts";

const rule = (name: string, detail?: object): Resources[string] => ({
  Type: "AWS::Events::Rule",
  Properties: {
    Name: `promoter-dev-${name}`,
    EventPattern: { source: ["aws.ecr"], ...(detail && { detail }) },
    Targets: [],
  },
});
const written: Resources = {
  PushRule: rule("push", { result: ["SUCCESS"] }),
  RegistryFactsRule: rule("facts-registry"),
  ScannerFactsRule: rule("facts-scanner"),
  Table: { Type: "AWS::DynamoDB::Table" },
};

function details(resources: Resources, id: string): Record<string, readonly unknown[]> {
  const pattern = resources[id]?.Properties?.["EventPattern"] as
    | { detail: Record<string, readonly unknown[]> }
    | undefined;
  return pattern?.detail ?? {};
}

describe("rules on the repositories of promoter.yml", () => {
  it("name each repository, beside what they ask already", () => {
    const derived = deriveRules(
      written,
      manyApplications({ applications: 1, repositories: 2, nameLength: 10 }),
    );
    const repositories = ["team/application-0/image-0-", "team/application-0/image-1-"];
    expect(details(derived, "PushRule")).toEqual({
      result: ["SUCCESS"],
      "repository-name": repositories,
    });
    expect(details(derived, "RegistryFactsRule")).toEqual({ "repository-name": repositories });
    // The scanner names repositories by ARN (ECR user guide, "EventBridge events for enhanced scanning").
    expect(details(derived, "ScannerFactsRule")["repository-name"]).toEqual(
      repositories.map((name) => `arn:aws:ecr:eu-west-1:111122223333:repository/${name}`),
    );
  });

  it("leave every other resource as it is", () => {
    expect(
      deriveRules(written, manyApplications({ applications: 1, repositories: 1 }))["Table"],
    ).toBe(written["Table"]);
  });

  it("become several before a pattern is too long, and together still name every repository once", () => {
    const configuration = manyApplications({ applications: 100, repositories: 3, nameLength: 60 });
    const derived = deriveRules(written, configuration);
    const push = Object.keys(derived).filter((id) => id.startsWith("PushRule"));
    expect(push.length).toBeGreaterThan(5);
    expect(push.flatMap((id) => details(derived, id)["repository-name"])).toEqual(
      Object.values(configuration.applications).flatMap(repositoriesOf),
    );
  });
});
