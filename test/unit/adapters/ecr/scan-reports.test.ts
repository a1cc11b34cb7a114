import { ECRClient } from "@aws-sdk/client-ecr";
import { afterEach, describe, expect, it } from "vitest";
import { ecrScanReports } from "../../../../src/adapters/ecr/scan-reports.ts";
import type { Digest } from "../../../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import {
  clientOptions,
  exception,
  json,
  scriptedService,
  type Script,
} from "./scripted-service.ts";

const image = {
  repository: "orderbook-api" as RepositoryName,
  digest: `sha256:${"a".repeat(64)}` as Digest,
};
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function reportsThat(script: Script) {
  const server = await scriptedService(script);
  const client = new ECRClient({ ...clientOptions, endpoint: server.origin });
  closing.push(() => server.close());
  return ecrScanReports({ client, registryId: "111122223333" });
}

describe("reading a scan", () => {
  // ECR API reference, DescribeImageScanFindings; the text is that of alexjurkiewicz/ecr-scan-image issue 43.
  it.each([
    ["ScanNotFoundException", "no scan", "absent"],
    ["ImageNotFoundException", "no image", "absent"],
    [
      "ValidationException",
      "An artifact with media type 'application/vnd.oci.image.index.v1+json' cannot be scanned.",
      "unsupported",
    ],
    [
      "UnsupportedImageTypeException",
      "An artifact with media type 'application/vnd.oci.image.index.v1+json' cannot be scanned.",
      "unsupported",
    ],
  ])("takes %s (%s) for an answer", async (name, message, kind) => {
    const reports = await reportsThat(() => exception(name, message));
    expect((await reports.readScan(image)).kind).toBe(kind);
  });

  // Whether ECR counts all pages or each is documented nowhere, so both are tried.
  it.each([
    ["each page", 1, 1],
    ["all pages", 150, 2],
  ])("counts over all pages where ECR counts %s", async (_, high, critical) => {
    let page = 0;
    const reports = await reportsThat(({ body }) => {
      const { nextToken, maxResults } = JSON.parse(body.toString()) as {
        nextToken?: string;
        maxResults: number;
      };
      expect([nextToken, maxResults]).toEqual([page === 0 ? undefined : `page ${page}`, 1_000]);
      page += 1;
      const enhancedFindings = [
        ...Array.from({ length: page === 2 ? 50 : 99 }, () => ({ severity: "HIGH", title: "CVE" })),
        { severity: page === 3 ? "LOW" : "CRITICAL", title: `CVE-${page}` },
      ];
      return json({
        imageScanStatus: { status: "ACTIVE" },
        imageScanFindings: {
          findingSeverityCounts: { HIGH: high, CRITICAL: critical },
          enhancedFindings,
        },
        ...(page < 3 && { nextToken: `page ${page}` }),
      });
    });
    expect(await reports.readScan(image)).toMatchObject({
      kind: "complete",
      counts: { HIGH: 248, CRITICAL: 2, LOW: 1 },
      examples: expect.arrayContaining([
        expect.objectContaining({ name: "CVE-1" }),
        expect.objectContaining({ name: "CVE-2" }),
      ]),
    });
  });

  it("never takes a report without an end for a clean one", async () => {
    const reports = await reportsThat(() =>
      json({
        imageScanStatus: { status: "COMPLETE" },
        imageScanFindings: { findingSeverityCounts: {} },
        nextToken: "more",
      }),
    );
    expect(await reports.readScan(image)).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("not all could be counted"),
    });
  });

  it.each([
    ["ThrottlingException", 400, "ScannerUnavailable"],
    ["ServerException", 500, "ScannerUnavailable"],
    ["ValidationException", 400, "RegistryRefused"],
    ["AccessDeniedException", 400, "RegistryRefused"],
  ])("calls %s with HTTP %i %s", async (exceptionName, status, name) => {
    const reports = await reportsThat(() => exception(exceptionName, "because", status));
    await expect(reports.readScan(image)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(image.digest),
    });
  });
});
