import type { Platform } from "./platform.ts";

/**
 * The platforms whose images a node of this one runs, the best first, itself among them: containerd
 * prefers in this order (`platforms` package, compare.go, platforms.Only). All are in normal form.
 */
export function runnablePlatforms(node: Platform): readonly Platform[] {
  const [os = "", architecture = "", variant = ""] = node.split("/");
  const named = (name: string, variantsOf: readonly string[]): readonly Platform[] =>
    variantsOf.map((one) => `${os}/${name}${one && `/${one}`}`);
  switch (architecture) {
    case "amd64":
      return [...named("amd64", olderAmd64(variant)), `${os}/386`];
    case "arm":
      return named("arm", olderArm(variant));
    case "arm64":
      return [...named("arm64", olderArm64(variant)), ...named("arm", olderArm(armOf(variant)))];
    default:
      return [node];
  }
}

/** v3, v2 and v1, which is written without a variant. */
function olderAmd64(variant: string): readonly string[] {
  const level = Number(/^v([2-9])$/.exec(variant)?.[1] ?? 0);
  return [variant, ...countDown(level - 1, 1).map((older) => (older === 1 ? "" : `v${older}`))];
}

/** Down to v5; v7 is written without a variant. */
function olderArm(variant: string): readonly string[] {
  const level = variant === "" ? 7 : Number(/^v([6-9])$/.exec(variant)?.[1] ?? 0);
  return [variant, ...countDown(level - 1, 5).map((older) => (older === 7 ? "" : `v${older}`))];
}

/** v9.x runs v9.0 and up to v8.(x+5), which ends with v8.9; v8.0 is written without a variant. */
function olderArm64(variant: string): readonly string[] {
  const [, major = "", minor = "0"] =
    /^v([89])(?:\.(\d))?$/.exec(variant === "" ? "v8" : variant) ?? [];
  if (major === "9") {
    return [
      variant,
      ...minorsOf(9, Number(minor) - 1),
      ...minorsOf(8, Math.min(Number(minor) + 5, 9)),
    ];
  }
  return [variant, ...(major === "8" ? minorsOf(8, Number(minor) - 1) : [])];
}

function minorsOf(generation: number, from: number): readonly string[] {
  return countDown(from, 0).map((minor) =>
    minor > 0 ? `v${generation}.${minor}` : baseOf(generation),
  );
}

function baseOf(generation: number): string {
  return generation === 8 ? "" : `v${generation}`;
}

/** The 32-bit ARM that a 64-bit one runs beside. */
function armOf(variant: string): string {
  return variant === "" || /^v[89]\./.test(variant) ? "v8" : variant;
}

function countDown(from: number, to: number): readonly number[] {
  return from < to ? [] : Array.from({ length: from - to + 1 }, (_, step) => from - step);
}
