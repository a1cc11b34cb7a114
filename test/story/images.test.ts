import { ECRClient, PutRegistryScanningConfigurationCommand } from "@aws-sdk/client-ecr";
import { describe, expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const members = ["orderbook-api", "orderbook-ui"];
const minute = 60_000;

describe("what an image is", () => {
  test.each([
    {
      what: "an OCI image",
      push: { mediaTypes: "oci" },
      mediaType: "application/vnd.oci.image.manifest.v1+json",
    },
    {
      what: "a docker image",
      push: { mediaTypes: "docker" },
      mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    },
    {
      what: "an OCI index",
      push: { mediaTypes: "oci", platforms: ["linux/amd64", "linux/arm64"] },
      mediaType: "application/vnd.oci.image.index.v1+json",
    },
    {
      what: "a docker manifest list",
      push: { mediaTypes: "docker", platforms: ["linux/amd64", "linux/arm64"] },
      mediaType: "application/vnd.docker.distribution.manifest.list.v2+json",
    },
  ] as const)(
    "$what gets its production tags on the very same digest",
    async ({ push, mediaType }) => {
      const world = await startWorld({ yaml: withoutApproval });
      await world.pushRelease("1.4.2", push);
      expect(await world.ending()).toBe("Promoted");
      for (const repository of members) {
        const images = world.cloud.ecr.images(repository);
        const tagged = images.filter(({ tags }) => tags.includes("prod-1.4.2"));
        expect(tagged).toMatchObject([
          { digest: world.tagged(repository, "dev-1.4.2"), mediaType },
        ]);
        expect(images).toHaveLength("platforms" in push ? 3 : 1);
        expect(world.tagged(repository, "prod")).toBe(tagged[0]?.digest);
      }
    },
  );

  test("an index is refused when one of its required platforms is missing", async () => {
    const world = await startWorld({
      yaml: (yaml) => withoutApproval(yaml).replace("[linux/amd64]", "[linux/amd64, linux/s390x]"),
    });
    await world.pushRelease("1.4.2", { platforms: ["linux/amd64", "linux/arm64"] });
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain("linux/s390x");
  });

  test("the findings of every image of an index count, not only the first", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const other = await world.push("orderbook-ui", "1.4.2", {
      platforms: ["linux/arm64"],
      untagged: true,
    });
    world.cloud.ecr.scanner.set({
      digest: other,
      result: { kind: "complete", counts: { HIGH: 1 } },
    });
    await world.pass(1000);
    await world.pushRelease("1.4.2", { platforms: ["linux/amd64", "linux/arm64"] });
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain(
      "orderbook-ui (linux/arm64): it has 1 HIGH (at most 0): CVE-2025-20000 in libexample 1.0.0 (HIGH); push",
    );
  });
});

describe("immutable repositories", () => {
  test("a moving tag that may not move is refused with the remedy, before anyone is asked", async () => {
    const world = await startWorld({
      yaml: withoutApproval,
      repositories: members.map((name) => ({ name, imageTagMutability: "IMMUTABLE" })),
    });
    await world.pushRelease("1.4.1");
    expect(await world.ending()).toBe("Promoted");
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain(
      'orderbook-api:prod cannot be moved, because the repository is IMMUTABLE: exclude "prod" there (IMMUTABLE_WITH_EXCLUSION) or remove tags.moving from promoter.yml',
    );
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();
  });

  test("a moving tag that is excluded from immutability moves", async () => {
    const repositories = members.map(
      (name) =>
        ({
          name,
          imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
          imageTagMutabilityExclusionFilters: ["prod"],
        }) as const,
    );
    const world = await startWorld({ yaml: withoutApproval, repositories });
    await world.pushRelease("1.4.1");
    expect(await world.ending()).toBe("Promoted");
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Promoted");
    expect(world.tagged("orderbook-api", "prod")).toBe(world.tagged("orderbook-api", "prod-1.4.2"));
  });
});

describe("scans", () => {
  test.each(["BASIC", "ENHANCED"] as const)(
    "the event of a finished %s scan wakes the promotion, long before it would look again",
    async (type) => {
      const world = await startWorld({
        yaml: withoutApproval,
        scanning: { type, after: 11 * minute },
      });
      const start = world.clock.now();
      await world.pushRelease("1.4.2");
      const [promotion = ""] = world.promotions();
      await world.pass(10 * minute);
      expect((await world.show(promotion)).promotion.ending).toBeUndefined();
      expect(await world.ending(promotion)).toBe("Promoted");
      const { verifiedAt = 0 } = (await world.show(promotion)).promotion;
      expect(verifiedAt - start).toBe(11 * minute);
    },
  );

  test("a person turns enhanced scanning on: the promotion waits for Inspector, whose event wakes it", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    await turnEnhancedScanningOn(world);
    world.cloud.ecr.scanner.set({
      result: { kind: "complete", counts: { LOW: 3 } },
      after: 11 * minute,
    });
    const start = world.clock.now();
    const promotion = await world.pushRelease("1.4.2");
    await world.pass(10 * minute);
    expect((await world.show(promotion)).trail).toContainEqual(
      expect.objectContaining({ step: "VerifyImages", outcome: "wait" }),
    );

    expect(await world.ending(promotion)).toBe("Promoted");
    expect(((await world.show(promotion)).promotion.verifiedAt ?? 0) - start).toBe(11 * minute);
    const wakes = world.cloud.eventbridge.controls
      .deliveries()
      .filter(({ target }) => target.endsWith("on-facts-changed"));
    expect(wakes).toMatchObject(
      members.map(() => ({
        rule: "promoter-dev-facts-scanner",
        event: { source: "aws.inspector2", "detail-type": "Inspector2 Scan" },
        state: { kind: "delivered" },
      })),
    );
    expect(world.logs.filter(({ function: name }) => name === "OnFactsChanged")).toEqual(
      members.map(() => expect.objectContaining({ level: "info" }) as unknown),
    );
  });

  test("what enhanced scanning finds is refused, with the count", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    await turnEnhancedScanningOn(world);
    world.cloud.ecr.scanner.set({ result: { kind: "complete", counts: {} }, after: minute });
    world.cloud.ecr.scanner.set({
      repository: "orderbook-ui",
      result: { kind: "complete", counts: { CRITICAL: 2 } },
      after: minute,
    });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain(
      "orderbook-ui (linux/amd64): it has 2 CRITICAL (at most 0): CVE-2025-10000 in libexample 1.0.0 (CRITICAL, fixed in 1.0.1), CVE-2025-10001 in libexample 1.0.0 (CRITICAL, fixed in 1.0.1); push",
    );
    expect(world.tagged("orderbook-ui", "prod-1.4.2")).toBeUndefined();
  });

  test("a scan that failed is refused and says what to do", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    world.cloud.ecr.scanner.set({ result: { kind: "failed" } });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain("start it again");
  });

  test("an image that cannot be scanned is refused", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    world.cloud.ecr.scanner.set({ result: { kind: "unsupported" } });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain("only `unscanned: allow` would let it pass");
  });

  test("an image that cannot be scanned passes where promoter.yml allows it", async () => {
    const world = await startWorld({
      yaml: (yaml) => withoutApproval(yaml).replace("unscanned: refuse", "unscanned: allow"),
    });
    world.cloud.ecr.scanner.set({ result: { kind: "unsupported" } });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Promoted");
  });
});

/** As a person does with an AWS client. */
async function turnEnhancedScanningOn({ cloud }: StoryWorld): Promise<void> {
  const client = new ECRClient({
    region: "eu-west-1",
    endpoint: cloud.origin,
    credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
  });
  await client.send(
    new PutRegistryScanningConfigurationCommand({
      scanType: "ENHANCED",
      rules: [
        {
          scanFrequency: "CONTINUOUS_SCAN",
          repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }],
        },
      ],
    }),
  );
  client.destroy();
}
