import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ECRClient, ListImageReferrersCommand } from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { storyImage } from "../story/story-images.ts";
import { lacksClient } from "./lacks-client.ts";
import { startClientWorld } from "./start-client-world.ts";

describe.skipIf(lacksClient("oras"))("oras", () => {
  it("attaches a document to an image, which both doors of the registry then list", async () => {
    const world = await startClientWorld();
    const image = storyImage({ repository: "orderbook-api", version: "1.4.2" });
    await world.push("orderbook-api", "1.4.2");
    await writeFile(join(world.folder, "sbom.json"), "{}");
    const type = "application/vnd.example.sbom";
    const target = `${world.host}/orderbook-api:dev-1.4.2`;
    await world.run(
      "oras",
      "attach",
      "--plain-http",
      "--artifact-type",
      type,
      target,
      "sbom.json:application/json",
    );
    expect(
      JSON.parse(await world.run("oras", "discover", "--plain-http", "--format", "json", target)),
    ).toMatchObject({ referrers: [{ artifactType: type }] });
    const client = new ECRClient({
      region: "eu-west-1",
      endpoint: world.cloud.origin,
      credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
    });
    const { referrers } = await client.send(
      new ListImageReferrersCommand({
        repositoryName: "orderbook-api",
        subjectId: { imageDigest: image.manifest.digest },
      }),
    );
    expect(referrers).toMatchObject([{ artifactType: type }]);
  });
});
