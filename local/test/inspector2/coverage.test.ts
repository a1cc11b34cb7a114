import {
  Inspector2Client,
  ListCoverageCommand,
  paginateListCoverage,
  type CoverageFilterCriteria,
} from "@aws-sdk/client-inspector2";
import { afterEach, expect, it } from "vitest";
import { buildIndex } from "../../ecr/builder/image-builder.ts";
import type { ScanResult } from "../../ecr/scan.ts";
import { createInspector2 } from "../../inspector2/inspector2.ts";
import { anImage, armImage, startRegistry, type TestRegistry } from "../ecr/start-registry.ts";

let registry: TestRegistry;
let client: Inspector2Client;
afterEach(() => {
  client.destroy();
  return registry.close();
});

async function started(
  type: "BASIC" | "ENHANCED",
  outcome: ScanResult = { kind: "complete", counts: {} },
): Promise<void> {
  registry = await startRegistry({ scanning: { type, outcome } }, (context, ecr) => [
    createInspector2(context, ecr.scanner),
  ]);
  const credentials = { accessKeyId: "AKIDLOCAL", secretAccessKey: "secret" };
  client = new Inspector2Client({
    region: "eu-west-1",
    endpoint: registry.origin,
    credentials,
    maxAttempts: 1,
  });
}
const covered = async (filterCriteria?: CoverageFilterCriteria) =>
  (await client.send(new ListCoverageCommand({ filterCriteria }))).coveredResources ?? [];
const equals = (value: string) => [{ comparison: "EQUALS" as const, value }];

// Reasons: service model, ScanStatusReason.
it.each([
  [{ kind: "complete", counts: { HIGH: 1 } }, "ACTIVE", "SUCCESSFUL"],
  [{ kind: "never" }, "ACTIVE", "PENDING_INITIAL_SCAN"],
  [{ kind: "unsupported" }, "INACTIVE", "UNSUPPORTED_OS"],
  [{ kind: "expired" }, "INACTIVE", "SCAN_ELIGIBILITY_EXPIRED"],
  [{ kind: "failed" }, "INACTIVE", "INTERNAL_ERROR"],
] as const)("covers an image whose scan is %o as %s, %s", async (outcome, statusCode, reason) => {
  await started("ENHANCED", outcome);
  await registry.push({ image: anImage(), tag: "dev-1" });
  registry.clock.advanceTo(registry.clock.now() + 100);
  expect(await covered()).toMatchObject([
    {
      resourceType: "AWS_ECR_CONTAINER_IMAGE",
      resourceId: `arn:aws:ecr:eu-west-1:111122223333:repository/orderbook-api/${anImage().manifest.digest}`,
      accountId: "111122223333",
      scanType: "PACKAGE",
      scanStatus: { statusCode, reason },
      resourceMetadata: { ecrRepository: { name: "orderbook-api" }, ecrImage: { tags: ["dev-1"] } },
    },
  ]);
});

it("says when an image was scanned, and until then that it waits", async () => {
  await started("ENHANCED");
  await registry.push({ image: anImage(), tag: "dev-1" });
  expect((await covered())[0]?.scanStatus?.reason).toBe("PENDING_INITIAL_SCAN");
  registry.clock.advanceTo(registry.clock.now() + 100);
  expect((await covered())[0]?.lastScannedAt).toEqual(new Date(registry.clock.now()));
});

it("filters, any value of a name and every name", async () => {
  await started("ENHANCED");
  await registry.push({ image: buildIndex([anImage(), armImage()], "oci"), tag: "dev-1" });
  await registry.push({ image: anImage(), repository: "team/orderbook-ui", tag: "dev-2" });
  const ecrRepositoryName = equals("orderbook-api");
  expect(await covered({ ecrRepositoryName })).toHaveLength(3);
  expect(await covered({ ecrRepositoryName, ecrImageTags: equals("dev-1") })).toMatchObject([
    { scanStatus: { reason: "UNSUPPORTED_MEDIA_TYPE" } },
  ]);
  expect(await covered({ ecrImageTags: [...equals("dev-1"), ...equals("dev-2")] })).toHaveLength(2);
  expect(
    await covered({ ecrRepositoryName: [{ comparison: "NOT_EQUALS", value: "orderbook-api" }] }),
  ).toHaveLength(1);
});

it("pages", async () => {
  await started("ENHANCED");
  await registry.push({ image: buildIndex([anImage(), armImage()], "oci"), tag: "dev-1" });
  const pages = [];
  for await (const { coveredResources } of paginateListCoverage({ client, pageSize: 2 }, {})) {
    pages.push(coveredResources?.length);
  }
  expect(pages).toEqual([2, 1]);
});

it("refuses a filter that it does not implement", async () => {
  await started("ENHANCED");
  await expect(covered({ lambdaFunctionName: equals("x") })).rejects.toMatchObject({
    name: "ValidationException",
  });
});

it("covers no image under basic scanning", async () => {
  await started("BASIC");
  await registry.push({ image: anImage(), tag: "dev-1" });
  expect(await covered()).toEqual([]);
});
