import { recordAt, textAt } from "../pod-spec/json.ts";

/** `linux/amd64`, `linux/arm/v7`: os/architecture[/variant] as in the OCI image index. */
export type Platform = string;

/** The spellings of containerd's `platforms` package (database.go), which decides on the nodes what matches what. */
const architectures: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
  i386: ["386"],
  x86_64: ["amd64"],
  "x86-64": ["amd64"],
  aarch64: ["arm64"],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"],
};

/** The variant that a missing one stands for. */
const baseVariants: Readonly<Record<string, string>> = { arm64: "v8", amd64: "v1", arm: "v7" };

const form = /^[a-z0-9_.-]+\/[a-z0-9_.-]+(?:\/[a-z0-9_.-]+)?$/;

/** `os/architecture[/variant]` of a platform object or an image config, normalised; empty when it names none. */
export function platformOf(value: unknown): Platform {
  const parts = recordAt({ value }, "value");
  const [os, architecture, variant] = [textAt(parts, "os"), textAt(parts, "architecture"), textAt(parts, "variant")];
  return os && architecture ? formatPlatform(os, architecture, variant) : "";
}

/** The normal form of `linux/arm64/v8`, `linux/x86_64`, …; undefined when it is not os/architecture[/variant]. */
export function parsePlatform(text: string): Platform | undefined {
  const lower = text.toLowerCase();
  if (!form.test(lower)) return undefined;
  const [os = "", architecture = "", variant] = lower.split("/");
  return formatPlatform(os, architecture, variant);
}

/** linux/arm64 and linux/arm64/v8 are one platform, as are linux/arm and linux/arm/v7. What is no platform stays as it is. */
export function normalisePlatform(platform: string): Platform {
  return parsePlatform(platform) ?? platform;
}

function formatPlatform(system: string, spelled: string, given: string | undefined): Platform {
  const os = system.toLowerCase() === "macos" ? "darwin" : system.toLowerCase();
  const [architecture, implied] = architectures[spelled.toLowerCase()] ?? [spelled.toLowerCase()];
  const variant = (given || implied)?.toLowerCase().replace(/^(?=\d)/, "v");
  return variant === undefined || variant === baseVariants[architecture] ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
