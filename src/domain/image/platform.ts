import { textAt } from "../json.ts";
import { lookUp } from "../look-up.ts";

/** `linux/amd64`, `linux/arm/v7`: os/architecture[/variant] as in the OCI image index. */
export type Platform = string;

/**
 * The spellings of containerd's `platforms` package (database.go), which decides on the nodes what
 * matches what.
 */
const architectures: Readonly<Record<string, string>> = {
  i386: "386",
  x86_64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  armhf: "arm",
  armel: "arm",
};

/** The variant that another spelling stands for, whatever variant stands beside it. */
const impliedVariants: Readonly<Record<string, string>> = { i386: "", armhf: "v7", armel: "v6" };

/**
 * What containerd takes the variants of an architecture for; here the one that a missing variant
 * stands for is left out.
 */
const variants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  amd64: { v1: "" },
  arm64: { 8: "", v8: "" },
  arm: { 5: "v5", 6: "v6", 7: "", v7: "", 8: "v8" },
};

/** Long enough for every name that a node has; platforms appear in messages. */
const form = /^[a-z0-9_.-]{1,32}\/[a-z0-9_.-]{1,32}(?:\/[a-z0-9_.-]{1,32})?$/;

/**
 * `os/architecture[/variant]` of a platform object or an image config, normalised; empty when it
 * names none.
 */
export function platformOf(value: unknown): Platform {
  const [os = "", architecture = "", variant] = [
    textAt(value, "os"),
    textAt(value, "architecture"),
    textAt(value, "variant"),
  ];
  const platform = formatPlatform(os, architecture, variant);
  return [os, architecture, variant ?? ""].some((part) => part.includes("/")) ||
    !form.test(platform)
    ? ""
    : platform;
}

/**
 * The normal form of `linux/arm64/v8`, `linux/x86_64`, …; undefined when it is not
 * os/architecture[/variant].
 */
export function parsePlatform(text: string): Platform | undefined {
  const lower = text.toLowerCase();
  if (!form.test(lower)) return undefined;
  const [os = "", architecture = "", variant] = lower.split("/");
  return formatPlatform(os, architecture, variant);
}

/**
 * linux/arm64 and linux/arm64/v8 are one platform, as are linux/arm and linux/arm/v7. What is not a
 * platform stays as it is.
 */
export function normalisePlatform(platform: string): Platform {
  return parsePlatform(platform) ?? platform;
}

function formatPlatform(system: string, spelled: string, given = ""): Platform {
  const os = system.toLowerCase() === "macos" ? "darwin" : system.toLowerCase();
  const lower = spelled.toLowerCase();
  const architecture = lookUp(architectures, lower) ?? lower;
  const named = lookUp(impliedVariants, lower) ?? given.toLowerCase();
  const variant = lookUp(lookUp(variants, architecture) ?? {}, named) ?? named;
  return variant === "" ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
