import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRegistryScanningConfigurationCommand,
  InitiateLayerUploadCommand,
  PutAccountSettingCommand,
  StartImageScanCommand,
  paginateDescribeRepositories,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startRegistry, type TestRegistry } from "./start-registry.ts";

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

it("describes a repository", async () => {
  await registry.close();
  registry = await startRegistry({
    repositories: [
      {
        name: "team/new",
        imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters: ["latest*"],
      },
    ],
  });
  const { repositories } = await registry.client.send(
    new DescribeRepositoriesCommand({ repositoryNames: ["team/new"] }),
  );
  expect(repositories).toEqual([
    {
      registryId: "111122223333",
      repositoryName: "team/new",
      repositoryArn: "arn:aws:ecr:eu-west-1:111122223333:repository/team/new",
      repositoryUri: `${new URL(registry.origin).host}/team/new`,
      createdAt: new Date("2026-01-05T09:00:00Z"),
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "latest*" }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: "AES256" },
    },
  ]);
});

it("pages repositories by name", async () => {
  const pages = [];
  for await (const { repositories } of paginateDescribeRepositories(
    { client: registry.client, pageSize: 1 },
    {},
  )) {
    pages.push(repositories?.map((repository) => repository.repositoryName));
  }
  expect(pages).toEqual([["orderbook-api"], ["team/orderbook-ui"]]);
});

it("throws when one of the named repositories is missing", async () => {
  const command = new DescribeRepositoriesCommand({
    repositoryNames: ["orderbook-api", "nowhere"],
  });
  await expect(registry.client.send(command)).rejects.toMatchObject({
    name: "RepositoryNotFoundException",
    message:
      "The repository with name 'nowhere' does not exist in the registry with id '111122223333'",
  });
});

it.each([
  new BatchDeleteImageCommand({ repositoryName: "orderbook-api", imageIds: [] }),
  new CreateRepositoryCommand({ repositoryName: "team/new" }),
  new DeleteRepositoryCommand({ repositoryName: "orderbook-api" }),
  new GetLifecyclePolicyCommand({ repositoryName: "orderbook-api" }),
  new GetRegistryScanningConfigurationCommand({}),
  new InitiateLayerUploadCommand({ repositoryName: "orderbook-api" }),
  new StartImageScanCommand({ repositoryName: "orderbook-api", imageId: { imageTag: "dev-1" } }),
])("refuses by name what it does not support: $constructor.name", async (command) => {
  const action = command.constructor.name.replace("Command", "");
  await expect(registry.client.send(command as GetLifecyclePolicyCommand)).rejects.toMatchObject({
    name: "UnknownOperationException",
    message: `the local cloud does not support ecr:${action}: nothing that the promoter ships uses it`,
  });
});

it("refuses by name another account setting than that of blob mounting", async () => {
  const command = new PutAccountSettingCommand({ name: "REGISTRY_POLICY_SCOPE", value: "V2" });
  await expect(registry.client.send(command)).rejects.toThrow(
    "the local cloud does not support the account setting REGISTRY_POLICY_SCOPE",
  );
});
