export type VersionOrder = "semver" | "number" | "date" | "pushed";

export type Ordering = -1 | 0 | 1;

/**
 * The expression that semver.org suggests, with an optional leading `v`: no leading zeros in
 * numbers, no empty identifiers.
 */
const number = String.raw`0|[1-9]\d*`;
const identifier = String.raw`(?:${number}|\d*[a-zA-Z-][0-9a-zA-Z-]*)`;
const build = String.raw`[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*`;
const semverForm = new RegExp(
  String.raw`^v?(${number})\.(${number})\.(${number})(?:-(${identifier}(?:\.${identifier})*))?(?:\+${build})?$`,
);
const numberForm = /^\d+$/;
/**
 * 2026.01.05, 2026-1-5.3, 2026.1: the third group may be a day or a counter, both compare as
 * numbers.
 */
const spacedDate = /^(\d{4})[._-](0?[1-9]|1[0-2])((?:[T._-]\d+)*)$/;
/** 20260105, 20260105-2, 20260105T1200, 20260105120000. */
const compactDate =
  /^(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{4}(?:\d{2})?)?((?:[T._-]\d+)*)$/;

/** What a valid version looks like, for messages. */
export const versionExamples: Readonly<Record<VersionOrder, string>> = {
  semver: "1.4.2 or 2.0.0-rc.1",
  number: "157",
  date: "2026.01.05, 20260105-2 or 20260105T1200",
  pushed: "anything",
};

/** Whether a version can be compared in this order. Every version can be compared by push time. */
export function isValidVersion(order: VersionOrder, version: string): boolean {
  switch (order) {
    case "semver":
      return semverForm.test(version);
    case "number":
      return numberForm.test(version);
    case "date":
      return dateGroups(version) !== undefined;
    case "pushed":
      return true;
    default:
      return order satisfies never;
  }
}

/**
 * If anything put before or after a text can make it a version, a beginning or an end of one of
 * these can.
 */
const samples: Readonly<Record<VersionOrder, readonly string[]>> = {
  semver: ["v1.1.1", "1.1.1-a.1", "1.1.1-1.a", "1.1.1-1a"],
  number: ["1"],
  date: ["1110.10.1", "1111.01T1", "20261110101010-1", "20261001101010T1"],
  pushed: [],
};

/** Whether a version may begin with this text. */
export function canBegin(order: VersionOrder, text: string): boolean {
  if (order === "pushed" || text === "") return true;
  return samples[order].some((sample) =>
    positions(sample).some((at) => isValidVersion(order, text + sample.slice(at))),
  );
}

/** Whether a version may end with this text. */
export function canEnd(order: VersionOrder, text: string): boolean {
  if (order === "pushed" || text === "") return true;
  return samples[order].some((sample) =>
    positions(sample).some((at) => isValidVersion(order, sample.slice(0, at) + text)),
  );
}

function positions(text: string): readonly number[] {
  return Array.from({ length: text.length + 1 }, (_, at) => at);
}

/** Whether a semver version is a pre-release; with another order there is no such thing. */
export function isPrerelease(version: string): boolean {
  return semverForm.exec(version)?.[4] !== undefined;
}

/**
 * 1 when `one` is newer. A version that the order cannot read (the order was changed in
 * promoter.yml, say) is older than every version that it can read. By push time no two versions can
 * be compared by name: 0, the caller has the times.
 */
export function compareVersions(order: VersionOrder, one: string, other: string): Ordering {
  const valid = isValidVersion(order, one);
  if (valid !== isValidVersion(order, other)) return valid ? 1 : -1;
  return valid ? compareValid(order, one, other) : 0;
}

function compareValid(order: VersionOrder, one: string, other: string): Ordering {
  switch (order) {
    case "semver":
      return compareSemver(one, other);
    case "number":
      return compareDigits(one, other);
    case "date":
      return compareLists(dateGroups(one) ?? [], dateGroups(other) ?? [], compareDigits);
    case "pushed":
      return 0;
    default:
      return order satisfies never;
  }
}

/** SemVer 2.0.0, item 11: a pre-release precedes its release; build metadata does not count. */
function compareSemver(one: string, other: string): Ordering {
  const [, ...left] = semverForm.exec(one) ?? [];
  const [, ...right] = semverForm.exec(other) ?? [];
  const core = compareLists(left.slice(0, 3), right.slice(0, 3), compareDigits);
  if (core !== 0) return core;
  const [before, after] = [left[3], right[3]];
  if (before === undefined || after === undefined) {
    return compareNumbers(Number(before === undefined), Number(after === undefined));
  }
  return compareLists(before.split("."), after.split("."), compareIdentifiers);
}

/** Numbers below words; words by ASCII. */
function compareIdentifiers(one: string, other: string): Ordering {
  const [isNumber, otherIsNumber] = [numberForm.test(one), numberForm.test(other)];
  if (isNumber && otherIsNumber) return compareDigits(one, other);
  if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
  return compareTexts(one, other);
}

function dateGroups(version: string): readonly string[] | undefined {
  const found = spacedDate.exec(version) ?? compactDate.exec(version);
  return found
    ?.slice(1)
    .filter(Boolean)
    .flatMap((part) => part.split(/[T._-]/))
    .filter((group) => group !== "");
}

/** Item by item; of two lists with equal beginnings the longer one is greater. */
function compareLists(
  one: readonly string[],
  other: readonly string[],
  compare: (a: string, b: string) => Ordering,
): Ordering {
  for (const [index, item] of one.entries()) {
    const opposite = other[index];
    if (opposite === undefined) return 1;
    const compared = compare(item, opposite);
    if (compared !== 0) return compared;
  }
  return compareNumbers(one.length, other.length);
}

/** Digits of any length: a build number may exceed what a double holds exactly. */
function compareDigits(one: string, other: string): Ordering {
  const [left, right] = [one.replace(/^0+(?=\d)/, ""), other.replace(/^0+(?=\d)/, "")];
  return left.length === right.length
    ? compareTexts(left, right)
    : compareNumbers(left.length, right.length);
}

function compareTexts(one: string, other: string): Ordering {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function compareNumbers(one: number, other: number): Ordering {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
