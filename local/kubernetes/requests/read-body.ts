import { parse } from "yaml";
import type { Json } from "../../json-value.ts";
import type { ServiceRequest } from "../../service.ts";
import { badRequest, unsupportedMediaType } from "../objects/api-refusal.ts";
import { protobufObject } from "./protobuf-body.ts";

export function mediaType(headers: Readonly<Record<string, string>>): string {
  return (headers["content-type"] ?? "application/json").split(";")[0]?.trim() ?? "";
}

/** JSON is YAML, and the server takes both. */
export function readBody({ method, headers, body }: ServiceRequest): Json {
  if (mediaType(headers) === protobuf) return protobufObject(body) ?? refuseProtobuf();
  const text = body.toString("utf8");
  try {
    return (
      text.trimStart().startsWith("{") || text.trimStart().startsWith("[")
        ? JSON.parse(text)
        : parse(text)
    ) as Json;
  } catch (error) {
    const fault = unreadable[method] ?? "couldn't get version/kind; json parse error";
    throw badRequest(`${fault}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const protobuf = "application/vnd.kubernetes.protobuf";

/** The real server understands every kind of it. */
function refuseProtobuf(): never {
  throw unsupportedMediaType(["application/json", "application/yaml"]);
}

/** How the server begins; how a parser goes on is its own. */
const unreadable: Readonly<Record<string, string>> = {
  PATCH: "error decoding YAML: error converting YAML to JSON: yaml",
};
