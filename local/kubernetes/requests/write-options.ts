import type { ServiceRequest } from "../../service.ts";
import { type Cause, invalid } from "../objects/api-refusal.ts";
import type { Resource } from "../objects/resource-table.ts";
import { forbiddenField, invalidValue, tooLong, unsupported } from "../objects/validation-cause.ts";

type OptionsKind = "PatchOptions" | "DeleteOptions" | "ListOptions" | "PodLogOptions";

/** Faults of the options of a request are told as those of an object of this kind. */
export function optionsKind(kind: OptionsKind): Resource {
  return {
    group: "meta.k8s.io",
    version: "v1",
    plural: kind.toLowerCase(),
    kind,
    scope: "cluster",
    schema: { kind: "any" },
    counted: false,
    returned: false,
    parts: [],
    otherParts: [],
    shortNames: [],
    categories: [],
    verbs: [],
  };
}

export const patchOptions = optionsKind("PatchOptions");

/** Query parameters and headers that steer a write. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  readonly userAgent: string;
}

export function writeOptions({
  query,
  headers,
}: Pick<ServiceRequest, "query" | "headers">): WriteOptions {
  const dryRun = query.get("dryRun") ?? "";
  const fieldManager = query.get("fieldManager") ?? "";
  const validation = query.get("fieldValidation") ?? "";
  const faults: readonly Cause[] = [
    ...(query.has("force") &&
    headers["content-type"]?.startsWith("application/apply-patch") !== true
      ? [forbiddenField("force", "may not be specified for non-apply patch")]
      : []),
    ...managerFaults(fieldManager),
    ...(dryRun === "" || dryRun === "All" ? [] : [unsupported("dryRun", [dryRun], ["All"])]),
    ...(validations.includes(validation)
      ? []
      : [unsupported("fieldValidation", validation, validations)]),
  ];
  if (faults.length > 0) throw invalid(patchOptions, "", faults);
  return {
    dryRun: dryRun === "All",
    force: query.get("force") === "true",
    fieldManager,
    fieldValidation: validationOf(validation),
    userAgent: headers["user-agent"] ?? "",
  };
}

/**
 * Without a name given, the part of the User-Agent before the slash:
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers
 */
export function fieldManagerOf(options: WriteOptions): string {
  if (options.fieldManager !== "") return options.fieldManager;
  const [agent = ""] = options.userAgent.split("/");
  return agent === "" ? "unknown" : agent.slice(0, 128);
}

const validations = ["", "Ignore", "Strict", "Warn"];

function managerFaults(name: string): readonly Cause[] {
  if (name.length > 128) return [tooLong("fieldManager", "may not be more than 128 bytes")];
  return isPrintable(name)
    ? []
    : [invalidValue("fieldManager", name, "should only contain printable characters")];
}

function validationOf(value: string): WriteOptions["fieldValidation"] {
  return value === "Strict" || value === "Ignore" ? value : "Warn";
}

function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Cn}\p{Zl}\p{Zp}]/u.test(text);
}
