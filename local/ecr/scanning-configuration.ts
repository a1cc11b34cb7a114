import type { ScanType } from "./scan.ts";

export const scanFrequencies = ["SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"] as const;
export type ScanFrequency = (typeof scanFrequencies)[number];

export interface ScanningRule {
  readonly frequency: ScanFrequency;
  readonly filters: readonly string[];
}

/** What PutRegistryScanningConfiguration sets. */
export interface ScanningConfiguration {
  readonly type: ScanType;
  /**
   * undefined: nobody has set any; then each repository says for itself, and enhanced scanning
   * takes all.
   */
  readonly rules: readonly ScanningRule[] | undefined;
}

export interface AppliedScanning {
  readonly frequency: ScanFrequency;
  /** The filters by which it is scanned. */
  readonly filters: readonly string[];
}

/**
 * "If scan on push is not specified, then the MANUAL scan frequency is set by default" (API
 * reference, RegistryScanningRule).
 */
export function scanningOf(
  { type, rules }: ScanningConfiguration,
  { name, scanOnPush }: { readonly name: string; readonly scanOnPush: boolean },
): AppliedScanning {
  const applied = rules ?? (type === "ENHANCED" || scanOnPush ? usualRules(type) : []);
  for (const { frequency, filters } of applied) {
    const fitting = filters.filter((filter) => fits(filter, name));
    if (fitting.length > 0 && frequency !== "MANUAL") return { frequency, filters: fitting };
  }
  return { frequency: "MANUAL", filters: [] };
}

export function usualRules(type: ScanType): readonly ScanningRule[] {
  return [{ frequency: type === "ENHANCED" ? "CONTINUOUS_SCAN" : "SCAN_ON_PUSH", filters: ["*"] }];
}

/**
 * "Filters with no wildcard will match all repository names that contain the filter"; `*` stands
 * for any run of characters (ECR user guide, "Configuring enhanced scanning for images").
 */
function fits(filter: string, name: string): boolean {
  if (!filter.includes("*")) return name.includes(filter);
  return new RegExp(
    `^${filter
      .split("*")
      .map((part) => RegExp.escape(part))
      .join(".*")}$`,
  ).test(name);
}
