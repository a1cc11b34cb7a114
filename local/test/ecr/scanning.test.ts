import {
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  paginateDescribeImageScanFindings,
} from "@aws-sdk/client-ecr";
import { afterEach, expect, it } from "vitest";
import { buildAttestation, buildIndex } from "../../ecr/builder/image-builder.ts";
import type { EcrOptions } from "../../ecr/ecr.ts";
import type { ScanResult } from "../../ecr/scan.ts";
import {
  anImage,
  armImage,
  detailsOf,
  startRegistry,
  type TestRegistry,
} from "./start-registry.ts";

const repositoryName = "orderbook-api";
const repositoryArn = "arn:aws:ecr:eu-west-1:111122223333:repository/orderbook-api";
const image = anImage();
const imageId = { imageDigest: image.manifest.digest };

let registry: TestRegistry;
afterEach(() => registry.close());

async function pushed(options: Partial<EcrOptions> = {}): Promise<void> {
  registry = await startRegistry(options);
  await registry.push({ image, tag: "dev-1" });
}
const wait = (milliseconds: number): void =>
  registry.clock.advanceTo(registry.clock.now() + milliseconds);
const findings = (id: { imageDigest?: string; imageTag?: string } = imageId) =>
  registry.client.send(new DescribeImageScanFindingsCommand({ repositoryName, imageId: id }));
const status = async (): Promise<string | undefined> => (await findings()).imageScanStatus?.status;

// Statuses: API reference, ScanStatus; PENDING and ACTIVE of enhanced scanning: aws/aws-cli issue 6759.
it.each([
  ["BASIC", { kind: "complete", counts: {} }, "IN_PROGRESS", "COMPLETE"],
  ["BASIC", { kind: "failed" }, "IN_PROGRESS", "FAILED"],
  ["BASIC", { kind: "unsupported" }, "IN_PROGRESS", "UNSUPPORTED_IMAGE"],
  ["BASIC", { kind: "never" }, "IN_PROGRESS", "IN_PROGRESS"],
  ["ENHANCED", { kind: "complete", counts: {} }, "PENDING", "ACTIVE"],
  ["ENHANCED", { kind: "failed" }, "PENDING", "FAILED"],
  ["ENHANCED", { kind: "unsupported" }, "PENDING", "UNSUPPORTED_IMAGE"],
  ["ENHANCED", { kind: "never" }, "PENDING", "PENDING"],
  ["ENHANCED", { kind: "expired" }, "PENDING", "SCAN_ELIGIBILITY_EXPIRED"],
  ["ENHANCED", { kind: "unavailable" }, "PENDING", "FINDINGS_UNAVAILABLE"],
] as const)(
  "%s scanning with the outcome %o goes from %s to %s",
  async (type, outcome, before, after) => {
    await pushed({ scanning: { type, outcome, after: 5_000 } });
    wait(4_999);
    expect(await status()).toBe(before);
    wait(1);
    expect(await status()).toBe(after);
  },
);

const vulnerable: ScanResult = { kind: "complete", counts: { CRITICAL: 1, HIGH: 2, LOW: 0 } };

it("lists basic findings with their counts, without zeros", async () => {
  await pushed({ scanning: { type: "BASIC", outcome: vulnerable } });
  wait(100);
  const { imageScanFindings } = await findings({ imageTag: "dev-1" });
  expect(imageScanFindings?.findingSeverityCounts).toEqual({ CRITICAL: 1, HIGH: 2 });
  expect(imageScanFindings?.findings?.map((finding) => finding.severity)).toEqual([
    "CRITICAL",
    "HIGH",
    "HIGH",
  ]);
  expect(imageScanFindings).not.toHaveProperty("enhancedFindings");
});

it("lists enhanced findings in their own member", async () => {
  await pushed({ scanning: { type: "ENHANCED", outcome: vulnerable } });
  wait(100);
  const { imageScanFindings } = await findings();
  expect(imageScanFindings).not.toHaveProperty("findings");
  expect(imageScanFindings?.enhancedFindings?.[0]).toMatchObject({
    severity: "CRITICAL",
    status: "ACTIVE",
    type: "PACKAGE_VULNERABILITY",
  });
});

it("shows a clean enhanced scan as an empty list of basic findings", async () => {
  await pushed({ scanning: { type: "ENHANCED" } });
  wait(100);
  expect((await findings()).imageScanFindings?.findings).toEqual([]);
});

it("pages findings and gives the whole counts on every page", async () => {
  await pushed({
    scanning: { type: "BASIC", outcome: { kind: "complete", counts: { MEDIUM: 250 } } },
  });
  wait(100);
  const pages = [];
  const paginator = paginateDescribeImageScanFindings(
    { client: registry.client },
    { repositoryName, imageId },
  );
  for await (const { imageScanFindings } of paginator) {
    pages.push([
      imageScanFindings?.findings?.length,
      imageScanFindings?.findingSeverityCounts?.MEDIUM,
    ]);
  }
  expect(pages).toEqual([
    [100, 250],
    [100, 250],
    [50, 250],
  ]);
});

it("emits the basic scan event", async () => {
  await pushed({ scanning: { type: "BASIC", outcome: vulnerable } });
  wait(100);
  // Source: ECR user guide, "Event for a completed image scan".
  expect(registry.events.slice(1)).toEqual([
    {
      source: "aws.ecr",
      "detail-type": "ECR Image Scan",
      resources: [repositoryArn],
      detail: {
        "scan-status": "COMPLETE",
        "repository-name": repositoryName,
        "finding-severity-counts": { CRITICAL: 1, HIGH: 2 },
        "image-digest": image.manifest.digest,
        "image-tags": ["dev-1"],
      },
    },
  ]);
});

it("emits the Inspector event of a scan once, named by repository ARN", async () => {
  await pushed({ scanning: { type: "ENHANCED", outcome: vulnerable } });
  wait(100);
  // Source: ECR user guide, "EventBridge events for enhanced scanning".
  expect(detailsOf(registry.events, "Inspector2 Scan")).toEqual([
    {
      "scan-status": "INITIAL_SCAN_COMPLETE",
      "repository-name": repositoryArn,
      "finding-severity-counts": { CRITICAL: 1, HIGH: 2, TOTAL: 3 },
      "image-digest": image.manifest.digest,
      "image-tags": ["dev-1"],
    },
  ]);
  registry.ecr.scanner.set({
    digest: image.manifest.digest,
    result: { kind: "complete", counts: { HIGH: 1 } },
  });
  wait(100);
  expect(detailsOf(registry.events, "Inspector2 Scan")).toHaveLength(1);
});

it("finds no scan where scanning on push is off", async () => {
  await pushed({ repositories: [{ name: repositoryName, scanOnPush: false }] });
  wait(1_000_000);
  await expect(findings()).rejects.toMatchObject({ name: "ScanNotFoundException" });
});

it("finds no scan of an image that is not scanned", async () => {
  await pushed({ scanning: { type: "ENHANCED", outcome: { kind: "absent" } } });
  await expect(findings()).rejects.toMatchObject({ name: "ScanNotFoundException" });
});

it.each([
  ["an image", { imageDigest: `sha256:${"0".repeat(64)}` }, "ImageNotFoundException"],
  ["a tag", { imageTag: "absent" }, "ImageNotFoundException"],
  ["an id", {}, "InvalidParameterException"],
])("does not mistake %s that is missing for a clean one", async (_, id, name) => {
  await pushed();
  await expect(findings(id)).rejects.toMatchObject({ name });
});

it("scans the images of an index and never the index", async () => {
  registry = await startRegistry();
  const index = buildIndex([image, armImage(), buildAttestation(image)], "oci");
  await registry.push({ image: index, tag: "dev-1" });
  wait(100);
  await expect(findings({ imageTag: "dev-1" })).rejects.toMatchObject({
    name: "ScanNotFoundException",
  });
  const statuses = await Promise.all(
    index.images.map(
      async ({ manifest }) =>
        (await findings({ imageDigest: manifest.digest })).imageScanStatus?.status,
    ),
  );
  expect(statuses).toEqual(["COMPLETE", "COMPLETE", "UNSUPPORTED_IMAGE"]);
});

it("applies the rule of a tag to the images of the index that carries it", async () => {
  registry = await startRegistry();
  registry.ecr.scanner.set({
    repository: repositoryName,
    tag: "dev-1",
    result: { kind: "failed" },
    after: 10,
  });
  await registry.push({ image: buildIndex([image], "oci"), tag: "dev-1" });
  wait(10);
  expect(await status()).toBe("FAILED");
});

it("lets the latest rule that fits win, for what is being scanned too", async () => {
  await pushed({ scanning: { type: "BASIC", after: 1_000 } });
  wait(500);
  registry.ecr.scanner.set({
    repository: repositoryName,
    result: { kind: "unsupported" },
    after: 2_000,
  });
  registry.ecr.scanner.set({ repository: "team/orderbook-ui", result: { kind: "failed" } });
  wait(1_999);
  expect(await status()).toBe("IN_PROGRESS");
  wait(1);
  expect(await status()).toBe("UNSUPPORTED_IMAGE");
});

it.each(["BASIC", "ENHANCED"] as const)(
  "leaves the scan out of DescribeImages under %s scanning",
  async (type) => {
    await pushed({ scanning: { type } });
    wait(100);
    const { imageDetails } = await registry.client.send(
      new DescribeImagesCommand({ repositoryName }),
    );
    expect(
      Object.keys(imageDetails?.[0] ?? {}).filter((name) => name.startsWith("imageScan")),
    ).toEqual([]);
  },
);

it("does not announce the scan of an image that is gone", async () => {
  await pushed();
  await registry.oci("DELETE", `/v2/${repositoryName}/manifests/${image.manifest.digest}`);
  wait(1_000);
  expect(detailsOf(registry.events, "ECR Image Scan")).toEqual([]);
});
