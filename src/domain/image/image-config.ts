import { parseJson } from "./json-text.ts";
import { platformOf, type Platform } from "./platform.ts";

/** Of an image whose config names none, or was not read. */
export const noPlatform: Platform = platformOfConfig("{}");

/** The platform that the config blob of an image names (OCI image spec, config.md); empty when it names none. */
export function platformOfConfig(blob: string): Platform {
  return platformOf(parseJson(blob));
}
