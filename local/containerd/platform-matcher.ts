/** As in the OCI image index. */
export interface Platform {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
}

type Named = Readonly<Required<Platform>>;

export interface PlatformMatcher {
  /** How far down the list of what a node can run a platform stands; undefined: it cannot run it. */
  rank(platform: Platform): number | undefined;
}

/**
 * What a node of this platform runs, in its order of preference: `platforms.Only` of containerd's
 * `platforms` package, compare.go.
 */
export function onlyPlatform(node: Platform): PlatformMatcher {
  const own = normalized(node, node.os ?? "");
  const runnable = [own, ...lesser(own)].map((platform) => normalized(platform, own.os));
  return {
    rank(platform) {
      const asked = normalized(platform, own.os);
      const at = runnable.findIndex(
        (one) =>
          one.os === asked.os &&
          one.architecture === asked.architecture &&
          one.variant === asked.variant,
      );
      return at < 0 ? undefined : at;
    },
  };
}

function lesser(platform: Named): readonly Named[] {
  switch (platform.architecture) {
    case "amd64":
      return [
        ...versions(platform, { below: numberOf(platform.variant), least: 1 }),
        { ...platform, architecture: "386", variant: "" },
      ];
    case "arm":
      return versions(platform, { below: numberOf(platform.variant), least: 5 });
    case "arm64": {
      const variant = platform.variant || "v8";
      const arm = {
        ...platform,
        architecture: "arm",
        variant: /^v[89]\./.test(variant) ? "v8" : variant,
      };
      return [...lesserArm64(platform, variant), arm, ...lesser(arm)];
    }
    default:
      return [];
  }
}

function lesserArm64(platform: Named, variant: string): readonly Named[] {
  const [major, minor = 0] = variant.replace(/^v/, "").split(".").map(Number);
  const minors = (generation: number, below: number): readonly Named[] =>
    Array.from({ length: below }, (_, step) => ({
      ...platform,
      variant: below - 1 - step === 0 ? `v${generation}` : `v${generation}.${below - 1 - step}`,
    }));
  if (major === 9) return [...minors(9, minor), ...minors(8, Math.min(minor + 5, 9) + 1)];
  return major === 8 ? minors(8, minor) : [];
}

function versions(
  platform: Named,
  { below, least }: { readonly below: number; readonly least: number },
): readonly Named[] {
  return below > least
    ? Array.from({ length: below - least }, (_, step) => ({
        ...platform,
        variant: `v${below - 1 - step}`,
      }))
    : [];
}

function numberOf(variant: string): number {
  const version = Number(variant.replace(/^v/, "") || Number.NaN);
  return Number.isInteger(version) && version < 100 ? version : 0;
}

/**
 * platforms.Normalize, with database.go; a platform without operating system is one of the node's
 * own.
 */
function normalized({ os = "", architecture = "", variant = "" }: Platform, ownOs: string): Named {
  const system = (os || ownOs).toLowerCase();
  return {
    os: system === "macos" ? "darwin" : system,
    ...normalArchitecture(architecture.toLowerCase(), variant.toLowerCase()),
  };
}

function normalArchitecture(
  architecture: string,
  variant: string,
): Pick<Named, "architecture" | "variant"> {
  switch (architecture) {
    case "i386":
      return { architecture: "386", variant: "" };
    case "x86_64":
    case "x86-64":
    case "amd64":
      return { architecture: "amd64", variant: variant === "v1" ? "" : variant };
    case "aarch64":
    case "arm64":
      return { architecture: "arm64", variant: variant === "8" || variant === "v8" ? "" : variant };
    case "armhf":
      return { architecture: "arm", variant: "v7" };
    case "armel":
      return { architecture: "arm", variant: "v6" };
    case "arm":
      return { architecture, variant: variant === "" ? "v7" : variant.replace(/^[5-8]$/, "v$&") };
    default:
      return { architecture, variant };
  }
}
