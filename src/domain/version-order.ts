import type { VersionOrder } from "./configuration.ts";

/** Semantic Versioning 2.0.0, with an optional leading `v`. */
const semver = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
const number = /^\d+$/;
/** Calendar versions such as 2026.01.05, 20260105, 2026-01-05.2: numbers, split by anything else. */
const date = /^\d{4}(?:[._-]?\d+)+$/;

/** Whether a version can be ordered that way. Every version can be ordered by push time. */
export function isValidVersion(order: VersionOrder, version: string): boolean {
  switch (order) {
    case "semver": return semver.test(version);
    case "number": return number.test(version);
    case "date": return date.test(version);
    case "pushed": return true;
    default: return order satisfies never;
  }
}

/** Negative, zero or positive, like a comparator. By push time no two versions can be compared by name: 0. */
export function compareVersions(order: VersionOrder, one: string, other: string): number {
  switch (order) {
    case "semver": return compareSemver(one, other);
    case "number": return compareNumbers([one], [other]);
    case "date": return compareNumbers(one.split(/\D+/), other.split(/\D+/));
    case "pushed": return 0;
    default: return order satisfies never;
  }
}

function compareSemver(one: string, other: string): number {
  const [, ...first] = semver.exec(one) ?? [];
  const [, ...second] = semver.exec(other) ?? [];
  return compareNumbers(first.slice(0, 3), second.slice(0, 3)) || comparePrerelease(first[3], second[3]);
}

/** BigInt: a build number may exceed what a double holds exactly. A missing part is lower. */
function compareNumbers(one: readonly (string | undefined)[], other: readonly (string | undefined)[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = BigInt(one[index] || "-1") - BigInt(other[index] || "-1");
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

/** SemVer 11: a version without prerelease is higher; numeric identifiers are lower than others; more identifiers are higher. */
function comparePrerelease(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  const [first, second] = [one.split("."), other.split(".")];
  for (let index = 0; index < Math.min(first.length, second.length); index += 1) {
    const difference = compareIdentifiers(first[index] ?? "", second[index] ?? "");
    if (difference !== 0) return difference;
  }
  return Math.sign(first.length - second.length);
}

function compareIdentifiers(one: string, other: string): number {
  const numeric = [number.test(one), number.test(other)];
  if (numeric[0] && numeric[1]) return compareNumbers([one], [other]);
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return one === other ? 0 : one < other ? -1 : 1;
}
