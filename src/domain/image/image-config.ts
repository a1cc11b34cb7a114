import { parseJson } from "./json-text.ts";
import { platformOf, type Platform } from "./platform.ts";

/** The platform that the config blob of an image names (OCI image spec, config.md); empty when it names none. */
export function platformOfConfig(blob: string): Platform {
  return platformOf(parseJson(blob));
}
