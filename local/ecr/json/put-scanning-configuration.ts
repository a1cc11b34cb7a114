import * as z from "zod";
import { EcrFault } from "../ecr-fault.ts";
import {
  scanFrequencies,
  usualRules,
  type ScanningConfiguration,
} from "../scanning-configuration.ts";
import { jsonOperation } from "./json-operation.ts";
import type { JsonAnswer } from "./json-operation.ts";

/** API reference, PutRegistryScanningConfiguration and ScanningRepositoryFilter. */
const filter = z.object({
  filter: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[a-z0-9*](?:[._\-/a-z0-9*]?[a-z0-9*]+)*$/),
  filterType: z.literal("WILDCARD"),
});
const rule = z.object({
  scanFrequency: z.enum(scanFrequencies),
  repositoryFilters: z.array(filter).max(100),
});

export const putRegistryScanningConfiguration = jsonOperation(
  z.object({
    scanType: z.enum(["BASIC", "ENHANCED"]).default("BASIC"),
    rules: z.array(rule).max(2).default([]),
  }),
  (registry, { scanType, rules }) => {
    for (const { scanFrequency } of rules) checkFrequency(scanType, scanFrequency);
    registry.scanner.configure({
      type: scanType,
      rules: rules.map(({ scanFrequency, repositoryFilters }) => ({
        frequency: scanFrequency,
        filters: repositoryFilters.map((one) => one.filter),
      })),
    });
    return { registryScanningConfiguration: configurationView(registry.scanner.configuration) };
  },
);

/**
 * What ECR shows of an image that enhanced scanning looked at on push only, no captured answer
 * says.
 */
function checkFrequency(type: ScanningConfiguration["type"], frequency: string): void {
  if (type === "ENHANCED" && frequency !== "CONTINUOUS_SCAN") {
    throw new EcrFault(
      "ValidationException",
      `enhanced scanning with ${frequency} is not simulated here, only CONTINUOUS_SCAN`,
    );
  }
  if (type === "BASIC" && frequency === "CONTINUOUS_SCAN") {
    throw new EcrFault(
      "ValidationException",
      "CONTINUOUS_SCAN is not supported with the scan type BASIC",
    );
  }
}

function configurationView({ type, rules = usualRules(type) }: ScanningConfiguration): JsonAnswer {
  return {
    scanType: type,
    rules: rules.map(({ frequency, filters }) => ({
      scanFrequency: frequency,
      repositoryFilters: filters.map(filterView),
    })),
  };
}

function filterView(pattern: string): JsonAnswer {
  return { filter: pattern, filterType: "WILDCARD" };
}
