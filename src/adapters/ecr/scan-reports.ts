import { DescribeImageScanFindingsCommand } from "@aws-sdk/client-ecr";
import type { ScanState } from "../../domain/rules/facts.ts";
import type { ImageRef } from "../../ports/image-registry.ts";
import type { ScanReports } from "../../ports/scan-reports.ts";
import type { RegistryClient } from "./registry-client.ts";
import { scanState } from "./scan-state.ts";
import { attempted } from "./translate-error.ts";

/** The findings of ECR, of basic and of enhanced scanning alike. */
export function ecrScanReports(registry: RegistryClient): ScanReports {
  return { readScan: (image) => readScan(registry, image) };
}

async function readScan({ client, registryId }: RegistryClient, { repository, digest }: ImageRef): Promise<ScanState> {
  const attempt = {
    doing: "reading the scan of", reference: `${repository}@${digest}`, action: "ecr:DescribeImageScanFindings", unavailable: "ScannerUnavailable",
  } as const;
  return attempted(attempt, async () => {
    try {
      return scanState(await client.send(findingsOf({ registryId, repository, digest })));
    } catch (error) {
      const state = error instanceof Error ? refusals[error.name]?.(error) : undefined;
      if (state) return state;
      throw error;
    }
  });
}

/** The counts cover all pages, so one finding is enough: it tells an image without findings from one whose counts are not there yet. */
function findingsOf({ registryId, repository, digest }: ImageRef & { readonly registryId: string }): DescribeImageScanFindingsCommand {
  return new DescribeImageScanFindingsCommand({ registryId, repositoryName: repository, imageId: { imageDigest: digest }, maxResults: 1 });
}

/** What ECR answers with an exception is an answer to us: nothing was scanned, or it never will be. */
const refusals: Readonly<Record<string, (error: Error) => ScanState | undefined>> = {
  ScanNotFoundException: () => ({ kind: "absent" }),
  ImageNotFoundException: () => ({ kind: "absent" }),
  UnsupportedImageTypeException: notScannable,
  ValidationException: notScannable,
};

/** "An artifact with media type '…image.index.v1+json' cannot be scanned" (alexjurkiewicz/ecr-scan-image issue 43). */
function notScannable({ message }: Error): ScanState | undefined {
  return message.includes("cannot be scanned") ? { kind: "unsupported", reason: message } : undefined;
}
