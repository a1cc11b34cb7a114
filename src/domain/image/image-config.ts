import type { Platform } from "../rules/facts.ts";
import { parseJson } from "./manifest.ts";
import { platformOf } from "./platform.ts";

/** The platform that the config blob of an image names; empty when it names none. */
export function platformOfConfig(blob: string): Platform {
  return platformOf(parseJson(blob));
}
