import { ECRClient } from "@aws-sdk/client-ecr";
import { virtualClock } from "@promoter/local-cloud/clock";
import { buildImage } from "@promoter/local-cloud/image-builder";
import { createEcr } from "@promoter/local-cloud/internal/ecr/ecr.ts";
import type { ScanResult, ScanType } from "@promoter/local-cloud/internal/ecr/scan.ts";
import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import { pushImage } from "@promoter/local-cloud/push-image";
import { ecrScanReports } from "../../src/adapters/ecr/scan-reports.ts";
import type { Digest } from "../../src/domain/image/digest.ts";
import type { RepositoryName } from "../../src/domain/image/repository.ts";
import type { ScanState, Vulnerability } from "../../src/domain/rules/facts.ts";
import { fakeScanReports } from "../fakes/scan-reports.ts";
import {
  scanReportsContract,
  type ScanOutcome,
  type ScanReportsWorld,
} from "./scan-reports.contract.ts";

const repository = "orderbook-api" as RepositoryName;

scanReportsContract("the fake", async () => {
  const reports = fakeScanReports();
  const image = { repository, digest: `sha256:${"1".repeat(64)}` as Digest };
  return {
    reports,
    image,
    scan: (outcome) => reports.set(image, stateOf(outcome)),
    close: async () => undefined,
  };
});

scanReportsContract("ECR with basic scanning", () => localEcr("BASIC"));
scanReportsContract("ECR with enhanced scanning", () => localEcr("ENHANCED"));

function stateOf(outcome: ScanOutcome): ScanState {
  if (outcome.kind === "complete") {
    return { ...outcome, completedAt: 1, examples: examplesOf(outcome.counts) };
  }
  return outcome.kind === "failed" || outcome.kind === "unsupported"
    ? { kind: outcome.kind, reason: "because" }
    : { kind: outcome.kind };
}

function examplesOf(counts: Readonly<Record<string, number>>): readonly Vulnerability[] {
  return Object.entries(counts).flatMap(([severity, count]) =>
    Array.from({ length: Math.min(3, count) }, (_, at) => ({
      name: `CVE-2025-${at}`,
      severity,
      package: "openssl 3.0.1",
    })),
  );
}

async function localEcr(type: ScanType): Promise<ScanReportsWorld> {
  const clock = virtualClock();
  const ecr = createEcr(
    {
      account: "111122223333",
      region: "eu-west-1",
      clock,
      origin: () => gateway.origin,
      emit: () => undefined,
      track: (work) => work,
    },
    { repositories: [{ name: repository }], scanning: { type }, anonymous: true },
  );
  const gateway = await startGateway({ services: () => [ecr] });
  const client = new ECRClient({
    region: "eu-west-1",
    endpoint: gateway.origin,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
  const image = buildImage({
    platform: { os: "linux", architecture: "amd64" },
    files: { app: "1" },
    created: "2026-01-05T09:00:00Z",
    mediaTypes: "oci",
  });
  const digest = (await pushImage({
    origin: gateway.origin,
    repository,
    tag: "dev-1",
    image,
  })) as Digest;
  return {
    reports: ecrScanReports({ client, registryId: "111122223333" }),
    image: { repository, digest },
    scan(outcome) {
      ecr.scanner.set({ digest, result: resultOf(outcome), after: 1_000 });
      clock.advanceTo(clock.now() + 1_000);
    },
    async close() {
      client.destroy();
      await gateway.close();
      await ecr.close();
    },
  };
}

function resultOf(outcome: ScanOutcome): ScanResult {
  if (outcome.kind === "complete") return outcome;
  return outcome.kind === "in-progress" ? { kind: "never" } : { kind: outcome.kind };
}
