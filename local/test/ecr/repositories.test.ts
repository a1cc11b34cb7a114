import {
  BatchGetRepositoryScanningConfigurationCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  GetAccountSettingCommand,
  GetLifecyclePolicyCommand,
  GetRegistryScanningConfigurationCommand,
  PutAccountSettingCommand,
  paginateDescribeRepositories,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, expect, it } from "vitest";
import { anImage, startRegistry, type TestRegistry } from "./start-registry.ts";

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

it("makes a repository and describes it", async () => {
  await registry.client.send(
    new CreateRepositoryCommand({
      repositoryName: "team/new",
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "latest*" }],
      imageScanningConfiguration: { scanOnPush: true },
    }),
  );
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

// Source: API reference, CreateRepository.
it.each([
  ["orderbook-api", "RepositoryAlreadyExistsException"],
  ["Bad Name!!", "InvalidParameterException"],
  ["a", "InvalidParameterException"],
  ["/leading", "InvalidParameterException"],
  ["a".repeat(257), "InvalidParameterException"],
])("refuses to make '%s' with %s", async (repositoryName, name) => {
  await expect(
    registry.client.send(new CreateRepositoryCommand({ repositoryName })),
  ).rejects.toMatchObject({ name });
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

it("deletes a repository with images only by force", async () => {
  await registry.push({ image: anImage(), tag: "dev-1" });
  const gently = new DeleteRepositoryCommand({ repositoryName: "orderbook-api" });
  await expect(registry.client.send(gently)).rejects.toMatchObject({
    name: "RepositoryNotEmptyException",
  });
  await registry.client.send(
    new DeleteRepositoryCommand({ repositoryName: "orderbook-api", force: true }),
  );
  expect(registry.ecr.storedBytes()).toBe(0);
});

it.each([
  ["BASIC", "SCAN_ON_PUSH"],
  ["ENHANCED", "CONTINUOUS_SCAN"],
] as const)("tells that scanning is %s", async (type, scanFrequency) => {
  await registry.close();
  registry = await startRegistry({ scanning: { type } });
  const { scanningConfiguration } = await registry.client.send(
    new GetRegistryScanningConfigurationCommand({}),
  );
  expect(scanningConfiguration).toMatchObject({ scanType: type, rules: [{ scanFrequency }] });
  const repositoryNames = ["orderbook-api", "nowhere"];
  const each = await registry.client.send(
    new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames }),
  );
  expect(each.scanningConfigurations).toMatchObject([
    { repositoryName: "orderbook-api", scanFrequency },
  ]);
  expect(each.failures).toMatchObject([
    { repositoryName: "nowhere", failureCode: "REPOSITORY_NOT_FOUND" },
  ]);
});

it("keeps account settings; blob mounting starts disabled", async () => {
  const setting = async () =>
    (await registry.client.send(new GetAccountSettingCommand({ name: "BLOB_MOUNTING" }))).value;
  expect(await setting()).toBe("DISABLED");
  await registry.client.send(
    new PutAccountSettingCommand({ name: "BLOB_MOUNTING", value: "ENABLED" }),
  );
  expect(await setting()).toBe("ENABLED");
});

it("describes a registry without replication", async () => {
  expect(await registry.client.send(new DescribeRegistryCommand({}))).toMatchObject({
    registryId: "111122223333",
    replicationConfiguration: { rules: [] },
  });
});

it("refuses by name what it does not implement", async () => {
  const command = new GetLifecyclePolicyCommand({ repositoryName: "orderbook-api" });
  await expect(registry.client.send(command)).rejects.toMatchObject({
    name: "UnknownOperationException",
  });
});
