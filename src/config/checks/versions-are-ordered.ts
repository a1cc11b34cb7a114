import { versionExamples } from "../../domain/version-order.ts";
import type { Draft } from "../draft.ts";
import type { Finding, Path } from "../fault.ts";

/** Pre-releases and ranges exist in semver alone. */
export function versionsAreOrdered({ applications }: Draft): readonly Finding[] {
  return applications
    .filter(({ source }) => source.order !== "semver")
    .flatMap(({ source, environments }) =>
      [source, ...environments].flatMap(({ versions: { path, keys } }) =>
        keys
          .filter((key) => key === "prereleases" || key === "only")
          .map((key) => orderFinding([...path, key], source.order)),
      ),
    );
}

function orderFinding(path: Path, order: keyof typeof versionExamples): Finding {
  const here = `versions here are ordered by ${order} (${versionExamples[order]})`;
  return {
    path,
    at: "key",
    message: `versions.${String(path.at(-1))} needs order semver, and ${here}`,
    remedy:
      "remove it, and list excluded versions in versions.ignore; " +
      "or set source.order: semver, if versions look like 1.4.2",
  };
}
