import { ECRClient } from "@aws-sdk/client-ecr";
import { afterEach, describe, expect, it } from "vitest";
import { ecrScanReports } from "../../../../src/adapters/ecr/scan-reports.ts";
import type { Digest } from "../../../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import { clientOptions, exception, scriptedService, type Script } from "./scripted-service.ts";

const image = { repository: "orderbook-api" as RepositoryName, digest: `sha256:${"a".repeat(64)}` as Digest };
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
    ["ValidationException", "An artifact with media type 'application/vnd.oci.image.index.v1+json' cannot be scanned.", "unsupported"],
    ["UnsupportedImageTypeException", "An artifact with media type 'application/vnd.oci.image.index.v1+json' cannot be scanned.", "unsupported"],
  ])("takes %s (%s) for an answer", async (name, message, kind) => {
    const reports = await reportsThat(() => exception(name, message));
    expect((await reports.readScan(image)).kind).toBe(kind);
  });

  it.each([
    ["ThrottlingException", 400, "ScannerUnavailable"],
    ["ServerException", 500, "ScannerUnavailable"],
    ["ValidationException", 400, "RegistryRefused"],
    ["AccessDeniedException", 400, "RegistryRefused"],
  ])("calls %s with HTTP %i %s", async (exceptionName, status, name) => {
    const reports = await reportsThat(() => exception(exceptionName, "because", status));
    await expect(reports.readScan(image)).rejects.toMatchObject({ name, message: expect.stringContaining(image.digest) });
  });
});
