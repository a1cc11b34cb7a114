import type { ScanState } from "../domain/rules/facts.ts";
import type { ImageRef } from "./image-registry.ts";

/**
 * Vulnerability findings of one platform image (an index is never scanned). Throws
 * `ScannerUnavailable`, `RegistryRefused`.
 */
export interface ScanReports {
  readScan(image: ImageRef): Promise<ScanState>;
}
