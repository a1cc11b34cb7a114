import type { ScanState } from "../../src/domain/rules/facts.ts";
import type { ImageRef } from "../../src/ports/image-registry.ts";
import type { ScanReports } from "../../src/ports/scan-reports.ts";

export interface FakeScanReports extends ScanReports {
  /**
   * What the registry says of that image from now on; of every other one it says that nobody has
   * scanned it.
   */
  set(image: ImageRef, state: ScanState): void;
  failNext(error: Error): void;
  /** The images that were asked about, in order. */
  readonly asked: readonly ImageRef[];
}

export function fakeScanReports(): FakeScanReports {
  const states = new Map<string, ScanState>();
  const failures: Error[] = [];
  const asked: ImageRef[] = [];
  return {
    asked,
    set: (image, state) => void states.set(keyOf(image), state),
    failNext: (error) => void failures.push(error),
    async readScan(image) {
      asked.push(image);
      const failure = failures.shift();
      if (failure) throw failure;
      return states.get(keyOf(image)) ?? { kind: "absent" };
    },
  };
}

function keyOf({ repository, digest }: ImageRef): string {
  return `${repository}@${digest}`;
}
