import { imageConfigFields } from "./image-fields.ts";
import { platformOf, type Platform } from "./platform.ts";
import { readBytesUnambiguously } from "./unambiguous-json.ts";

export type ParsedConfig =
  /** `platform`: empty when it names none. */
  | { readonly kind: "config"; readonly platform: Platform }
  /** `fault` continues a sentence about the config. */
  | { readonly kind: "other"; readonly fault: string };

/**
 * The config blob of an image (OCI image spec, config.md). What a node could read otherwise is
 * refused.
 */
export function parseImageConfig(bytes: Uint8Array): ParsedConfig {
  const found = readBytesUnambiguously(bytes, imageConfigFields);
  return found.kind === "ambiguous"
    ? { kind: "other", fault: found.fault }
    : { kind: "config", platform: platformOf(found.document) };
}
