import type { Platform } from "../rules/facts.ts";
import { field } from "./manifest.ts";

/** `os/architecture[/variant]` of a platform object or an image config, normalised. */
export function platformOf(value: unknown): Platform {
  const parts = ["os", "architecture", "variant"].map((key) => field(value, key)).filter((part) => typeof part === "string" && part !== "");
  return normalisePlatform(parts.join("/"));
}

/** linux/arm64 and linux/arm64/v8 are one platform (containerd's normalisation), as are linux/arm and linux/arm/v7. */
export function normalisePlatform(platform: string): Platform {
  if (platform === "linux/arm64/v8") return "linux/arm64";
  return platform === "linux/arm/v7" ? "linux/arm" : platform;
}
