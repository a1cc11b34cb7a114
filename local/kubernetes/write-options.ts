import { type ApiRefusal, invalid } from "./api-refusal.ts";
import type { Resource } from "./resource-table.ts";
import type { ServiceRequest } from "../service.ts";

/** Faults of the options are told as those of an object of this kind. */
export const patchOptions: Resource = { group: "meta.k8s.io", version: "v1", plural: "patchoptions", kind: "PatchOptions", scope: "cluster", model: "", counted: false };

/** Query parameters and headers that steer a write. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  readonly userAgent: string;
}

export function writeOptions({ query, headers }: Pick<ServiceRequest, "query" | "headers">): WriteOptions {
  const dryRun = query.get("dryRun") ?? "";
  if (dryRun !== "" && dryRun !== "All") throw invalidOption("dryRun", `Unsupported value: ["${dryRun}"]: supported values: "All"`);
  const fieldManager = query.get("fieldManager") ?? "";
  if (fieldManager.length > 128) throw invalidOption("fieldManager", "Too long: may not be more than 128 bytes");
  if (!isPrintable(fieldManager)) throw invalidOption("fieldManager", `Invalid value: ${JSON.stringify(fieldManager)}: should only contain printable characters`);
  return {
    dryRun: dryRun === "All",
    force: query.get("force") === "true",
    fieldManager,
    fieldValidation: validationOf(query.get("fieldValidation")),
    userAgent: headers["user-agent"] ?? "",
  };
}

/** Without a name given, the part of the User-Agent before the slash: https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers */
export function fieldManagerOf(options: WriteOptions): string {
  if (options.fieldManager !== "") return options.fieldManager;
  const [agent = ""] = options.userAgent.split("/");
  return agent === "" ? "unknown" : agent.slice(0, 128);
}

function validationOf(value: string | null): WriteOptions["fieldValidation"] {
  return value === "Strict" || value === "Ignore" ? value : "Warn";
}

function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Cn}\p{Zl}\p{Zp}]/u.test(text);
}

function invalidOption(field: string, message: string): ApiRefusal {
  return invalid(patchOptions, "", [{ reason: "FieldValueInvalid", field, message }]);
}
