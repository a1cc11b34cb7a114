import {
  DescribeImageScanFindingsCommand,
  PutRegistryScanningConfigurationCommand,
  type ScanFrequency,
  type ScanType,
} from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, expect, it } from "vitest";
import { anImage, detailsOf, startRegistry, type TestRegistry } from "./start-registry.ts";

const image = anImage();
const day = 24 * 60 * 60_000;

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

const put = (
  scanType: ScanType,
  scanFrequency: ScanFrequency,
  filters: readonly string[] = ["*"],
) =>
  registry.client.send(
    new PutRegistryScanningConfigurationCommand({
      scanType,
      rules: [
        {
          scanFrequency,
          repositoryFilters: filters.map((filter) => ({ filter, filterType: "WILDCARD" })),
        },
      ],
    }),
  );
const status = async (): Promise<string | undefined> =>
  (
    await registry.client.send(
      new DescribeImageScanFindingsCommand({
        repositoryName: "orderbook-api",
        imageId: { imageDigest: image.manifest.digest },
      }),
    )
  ).imageScanStatus?.status;
const wait = (milliseconds: number): void =>
  registry.clock.advanceTo(registry.clock.now() + milliseconds);

it("says back what was put", async () => {
  const rules = [
    {
      scanFrequency: "CONTINUOUS_SCAN",
      repositoryFilters: [{ filter: "team/*", filterType: "WILDCARD" }],
    },
  ];
  expect(
    (await put("ENHANCED", "CONTINUOUS_SCAN", ["team/*"])).registryScanningConfiguration,
  ).toEqual({ scanType: "ENHANCED", rules });
});

// ECR user guide, "Configuring enhanced scanning for images": how filters match.
it.each([
  ["*", true],
  ["orderbook-api", true],
  ["book", true],
  ["order*", true],
  ["*api", true],
  ["*order", false],
  ["ui", false],
])("the filter %s decides whether orderbook-api is scanned: %s", async (filter, scanned) => {
  await put("BASIC", "SCAN_ON_PUSH", [filter]);
  await registry.push({ image, tag: "dev-1" });
  const seen = await status().catch((error: Error) => error.name);
  expect(seen).toBe(scanned ? "IN_PROGRESS" : "ScanNotFoundException");
});

it("enhanced scanning, once turned on, scans what comes and announces it as Inspector does", async () => {
  await put("ENHANCED", "CONTINUOUS_SCAN");
  await registry.push({ image, tag: "dev-1" });
  expect(await status()).toBe("PENDING");
  wait(100);
  expect(await status()).toBe("ACTIVE");
  expect(detailsOf(registry.events, "Inspector2 Scan")).toHaveLength(1);
  expect(detailsOf(registry.events, "ECR Image Scan")).toEqual([]);
});

it.each([
  ["within 14 days are scanned", 14 * day, "ACTIVE"],
  ["earlier are not eligible", 14 * day + 1, "SCAN_ELIGIBILITY_EXPIRED"],
])("images that were pushed %s when enhanced scanning is turned on", async (_, age, expected) => {
  await registry.push({ image, tag: "dev-1" });
  wait(age);
  await put("ENHANCED", "CONTINUOUS_SCAN");
  wait(100);
  expect(await status()).toBe(expected);
});

it("a scan under way does not survive another type, and basic scanning waits for the next push", async () => {
  await put("ENHANCED", "CONTINUOUS_SCAN");
  await registry.push({ image, tag: "dev-1" });
  await put("BASIC", "SCAN_ON_PUSH");
  wait(1_000);
  await expect(status()).rejects.toMatchObject({ name: "ScanNotFoundException" });
  expect(registry.events.filter(({ "detail-type": type }) => /Scan/.test(type))).toEqual([]);
});

it.each([
  ["ENHANCED", "SCAN_ON_PUSH", "not simulated"],
  ["ENHANCED", "MANUAL", "not simulated"],
  ["BASIC", "CONTINUOUS_SCAN", "not supported"],
] as const)("refuses %s with %s and stays as it was", async (type, frequency, message) => {
  await expect(put(type, frequency)).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining(message) as unknown,
  });
  expect(registry.ecr.scanner.type).toBe("BASIC");
});
