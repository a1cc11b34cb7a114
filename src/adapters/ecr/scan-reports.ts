import {
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsResponse,
} from "@aws-sdk/client-ecr";
import type { ScanState } from "../../domain/rules/facts.ts";
import type { ImageRef } from "../../ports/image-registry.ts";
import type { ScanReports } from "../../ports/scan-reports.ts";
import type { RegistryClient } from "./registry-client.ts";
import { scanState } from "./scan-state.ts";
import { tallyOf, mergeTallies, type ScanTally } from "./scan-tally.ts";
import { callRegistry } from "./translate-error.ts";

/** The findings of ECR, of basic and of enhanced scanning alike. */
export function ecrScanReports(registry: RegistryClient): ScanReports {
  return { readScan: (image) => readScan(registry, image) };
}

async function readScan(registry: RegistryClient, image: ImageRef): Promise<ScanState> {
  const { repository, digest } = image;
  const attempt = {
    doing: "reading the scan of",
    reference: `${repository}@${digest}`,
    action: "ecr:DescribeImageScanFindings",
    unavailable: "ScannerUnavailable",
  } as const;
  return callRegistry(attempt, async () => {
    try {
      return await readPages(registry, image);
    } catch (error) {
      const state = error instanceof Error ? refusals[error.name]?.(error) : undefined;
      if (state) return state;
      throw error;
    }
  });
}

/**
 * Of 1,000 basic or 100 enhanced findings, whatever is asked for (boto/boto3 issue 3449): one page
 * is the rule.
 */
const maxPageSize = 1_000;
const maxPages = 100;

async function readPages(
  { client, registryId }: RegistryClient,
  { repository, digest }: ImageRef,
): Promise<ScanState> {
  const asked = {
    registryId,
    repositoryName: repository,
    imageId: { imageDigest: digest },
    maxResults: maxPageSize,
  };
  let answer: DescribeImageScanFindingsResponse = await client.send(
    new DescribeImageScanFindingsCommand(asked),
  );
  let tally: ScanTally = tallyOf(answer.imageScanFindings ?? {});
  for (let pages = 1; answer.nextToken !== undefined; pages += 1) {
    if (pages === maxPages) {
      return {
        kind: "failed",
        reason: `it has more findings than ${maxPages} pages hold, so not all could be counted`,
      };
    }
    answer = await client.send(
      new DescribeImageScanFindingsCommand({ ...asked, nextToken: answer.nextToken }),
    );
    tally = mergeTallies(tally, tallyOf(answer.imageScanFindings ?? {}));
  }
  return scanState(answer, tally);
}

/** What ECR answers with an exception is an answer to us: nothing was scanned, or it never will be. */
const refusals: Readonly<Record<string, (error: Error) => ScanState | undefined>> = {
  ScanNotFoundException: () => ({ kind: "absent" }),
  ImageNotFoundException: () => ({ kind: "absent" }),
  UnsupportedImageTypeException: unsupportedImage,
  ValidationException: unsupportedImage,
};

/**
 * "An artifact with media type '…image.index.v1+json' cannot be scanned"
 * (alexjurkiewicz/ecr-scan-image issue 43).
 */
function unsupportedImage({ message }: Error): ScanState | undefined {
  return message.includes("cannot be scanned")
    ? { kind: "unsupported", reason: message }
    : undefined;
}
