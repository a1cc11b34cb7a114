import { isObject, parseJson, type JsonObject, type Json } from "../json-value.ts";
import type { ServiceRequest } from "../service.ts";

/** Forms carry objects as JSON text: `blocks=[{"type":…}]`. */
export function argumentsOf({
  query,
  headers,
  body,
}: Pick<ServiceRequest, "query" | "headers" | "body">): JsonObject | undefined {
  const fromQuery = Object.fromEntries(query);
  const type = headers["content-type"] ?? "";
  if (type.includes("json")) {
    const parsed = parseJson(body.toString("utf8"));
    return isObject(parsed) ? { ...fromQuery, ...parsed } : undefined;
  }
  return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(body.toString("utf8"))) };
}

/**
 * A structured argument, given as such or as JSON text; undefined when it is missing, null when it
 * is malformed.
 */
export function structured(value: Json | undefined): Json | undefined {
  if (typeof value !== "string") return value;
  return value === "" ? undefined : (parseJson(value) ?? null);
}

export function argument(args: JsonObject, name: string): string {
  const value = args[name];
  return typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : "";
}

export function flag(args: JsonObject, name: string): boolean {
  return ["true", "1"].includes(argument(args, name));
}
