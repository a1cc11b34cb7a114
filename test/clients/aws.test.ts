import { describe, expect, it } from "vitest";
import { lacksClient } from "./lacks-client.ts";
import { startClientWorld, type ClientWorld } from "./start-client-world.ts";

/**
 * The program's answer; the address goes along as an option, because old versions do not read it
 * from the environment.
 */
async function aws({ run, cloud }: ClientWorld, ...args: readonly string[]): Promise<unknown> {
  const printed = await run(
    "aws",
    "--endpoint-url",
    cloud.origin,
    "--region",
    "eu-west-1",
    "--output",
    "json",
    ...args,
  );
  return printed.trim() === "" ? undefined : JSON.parse(printed);
}

describe.skipIf(lacksClient("aws"))("aws", () => {
  it("starts an execution by hand, and reads how it and the one before it went", async () => {
    const world = await startClientWorld();
    const machine = world.cloud.stack.stateMachines[0]?.arn ?? "";
    const promotion = await world.pushRelease("1.4.2");
    expect(await world.approve(promotion)).toBe("Promoted");
    const input = JSON.stringify({
      application: "orderbook",
      version: "1.4.2",
      environment: "production",
    });
    const started = await aws(
      world,
      "stepfunctions",
      "start-execution",
      "--state-machine-arn",
      machine,
      "--name",
      "by-hand",
      "--input",
      input,
    );
    expect(await world.ending("by-hand")).toBe("AlreadyPromoted");
    const { executionArn = "" } = started as { executionArn?: string };
    expect(
      await aws(world, "stepfunctions", "describe-execution", "--execution-arn", executionArn),
    ).toMatchObject({ name: "by-hand", status: "SUCCEEDED" });
    const history = await aws(
      world,
      "stepfunctions",
      "get-execution-history",
      "--execution-arn",
      executionArn,
      "--reverse-order",
    );
    expect(history).toMatchObject({
      events: expect.arrayContaining([
        expect.objectContaining({ type: "ExecutionSucceeded" }),
      ]) as unknown,
    });
    const listed = await aws(
      world,
      "stepfunctions",
      "list-executions",
      "--state-machine-arn",
      machine,
    );
    expect(listed).toMatchObject({ executions: [{ name: "by-hand" }, { name: promotion }] });
  });

  it("stops an execution; its promotion is closed as cancelled", async () => {
    const world = await startClientWorld();
    const promotion = await world.pushRelease("1.4.2");
    await world.asked(promotion);
    const arn = world.cloud.stepFunctions.executions.arns[0] ?? "";
    await aws(world, "stepfunctions", "stop-execution", "--execution-arn", arn);
    expect(
      await aws(world, "stepfunctions", "describe-execution", "--execution-arn", arn),
    ).toMatchObject({ status: "ABORTED" });
    expect(await world.ending(promotion)).toBe("Cancelled");
  });

  it("reads images, adds a tag by PutImage, and makes tags immutable", async () => {
    const world = await startClientWorld();
    const digest = await world.push("orderbook-api", "1.4.2");
    const other = await world.push("orderbook-api", "1.4.3");
    const ecr = (operation: string, ...args: readonly string[]): Promise<unknown> =>
      aws(world, "ecr", operation, "--repository-name", "orderbook-api", ...args);
    expect(await ecr("describe-images", "--image-ids", "imageTag=dev-1.4.2")).toMatchObject({
      imageDetails: [{ imageDigest: digest, imageTags: ["dev-1.4.2"] }],
    });
    const got = await ecr(
      "batch-get-image",
      "--image-ids",
      "imageTag=dev-1.4.2",
      "imageTag=absent",
    );
    expect(got).toMatchObject({ failures: [{ failureCode: "ImageNotFound" }] });
    const manifest =
      (got as { images: { imageManifest: string }[] }).images[0]?.imageManifest ?? "";
    expect(
      await ecr("put-image", "--image-tag", "by-hand", "--image-manifest", manifest),
    ).toMatchObject({ image: { imageId: { imageDigest: digest, imageTag: "by-hand" } } });
    await ecr("put-image-tag-mutability", "--image-tag-mutability", "IMMUTABLE");
    await expect(
      ecr("put-image", "--image-tag", "dev-1.4.3", "--image-manifest", manifest),
    ).rejects.toMatchObject({
      stderr: expect.stringContaining("ImageTagAlreadyExistsException") as unknown,
    });
    const { imageIds } = (await ecr("list-images")) as { imageIds: readonly object[] };
    expect(imageIds).toEqual(
      expect.arrayContaining([
        { imageDigest: digest, imageTag: "by-hand" },
        { imageDigest: other, imageTag: "dev-1.4.3" },
      ]),
    );
  });

  it("knows who it is, and finds rules, the table, the secret and the cluster", async () => {
    const world = await startClientWorld();
    expect(await aws(world, "sts", "get-caller-identity")).toMatchObject({
      Account: "111122223333",
      Arn: "arn:aws:iam::111122223333:user/LOCALPERSON",
    });
    expect(await aws(world, "events", "list-rules")).toMatchObject({
      Rules: expect.arrayContaining([
        expect.objectContaining({ Name: "promoter-dev-push", State: "ENABLED" }),
      ]) as unknown,
    });
    const entries = JSON.stringify([{ Source: "my.app", DetailType: "mine", Detail: "{}" }]);
    expect(await aws(world, "events", "put-events", "--entries", entries)).toMatchObject({
      FailedEntryCount: 0,
    });
    const { TableNames } = (await aws(world, "dynamodb", "list-tables")) as {
      TableNames: readonly string[];
    };
    expect(await aws(world, "dynamodb", "scan", "--table-name", TableNames[0] ?? "")).toMatchObject(
      { Count: 0 },
    );
    const secret = world.cloud.stack.secrets[0]?.name ?? "";
    expect(
      await aws(world, "secretsmanager", "get-secret-value", "--secret-id", secret),
    ).toMatchObject({ Name: secret, VersionStages: ["AWSCURRENT"] });
    expect(await aws(world, "eks", "describe-cluster", "--name", "orderbook-prod")).toMatchObject({
      cluster: { status: "ACTIVE", endpoint: `${world.cloud.origin}/_kubernetes/orderbook-prod` },
    });
  });
});

describe.skipIf(lacksClient("aws", "curl"))("aws and curl", () => {
  it("makes a token that the cluster takes", async () => {
    const world = await startClientWorld();
    const { status } = (await aws(
      world,
      "eks",
      "get-token",
      "--cluster-name",
      "orderbook-prod",
    )) as { status: { token: string } };
    const address = `${world.cloud.origin}/_kubernetes/orderbook-prod/api/v1/namespaces`;
    const answer = await world.run(
      "curl",
      "--silent",
      "--header",
      `authorization: Bearer ${status.token}`,
      address,
    );
    expect(JSON.parse(answer)).toMatchObject({ kind: "NamespaceList" });
  });

  it("logs clients in to the registry", async () => {
    const world = await startClientWorld();
    const { authorizationData } = (await aws(world, "ecr", "get-authorization-token")) as {
      authorizationData: readonly { authorizationToken: string }[];
    };
    const answer = await world.run(
      "curl",
      "--silent",
      "--header",
      `authorization: Basic ${authorizationData[0]?.authorizationToken ?? ""}`,
      `${world.cloud.origin}/v2/_catalog`,
    );
    expect(JSON.parse(answer)).toEqual({ repositories: ["orderbook-api", "orderbook-ui"] });
  });
});
