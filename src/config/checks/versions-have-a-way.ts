import { commonVersion } from "../../domain/common-version.ts";
import type { VersionPolicy } from "../../domain/version-policy.ts";
import type { Draft, DraftApplication, DraftEnvironment, DraftVersions } from "../draft.ts";
import type { Finding } from "../fault.ts";

/**
 * Some version can get from the source into each environment, past the policies of both and of
 * every environment between them. What `ignore` leaves out is not counted: a range can always go
 * on.
 */
export function versionsHaveAWay({ applications }: Draft): readonly Finding[] {
  return applications
    .filter(({ source }) => source.order === "semver")
    .flatMap((application) => {
      const source = { name: "source", ...application.source };
      return isContradictory([source])
        ? [finding([], source)]
        : application.environments.flatMap((environment) => {
            const before = [source, ...environmentsBefore(application, environment)];
            return !isContradictory(before) && isContradictory([...before, environment])
              ? [finding(before, environment)]
              : [];
          });
    });
}

interface Stage {
  readonly name: string;
  readonly versions: DraftVersions;
}

/** From the one that a push starts; none where the chain has a fault of its own. */
function environmentsBefore(
  { environments }: DraftApplication,
  { after }: DraftEnvironment,
): readonly DraftEnvironment[] {
  const chain: DraftEnvironment[] = [];
  for (let name = after; name !== undefined;) {
    const before = environments.find((one) => one.name === name);
    if (!before || chain.includes(before)) return [];
    chain.unshift(before);
    name = before.after;
  }
  return chain;
}

function isContradictory(stages: readonly Stage[]): boolean {
  return commonVersion(stages.map(({ versions: { policy } }) => policy)) === undefined;
}

function finding(before: readonly Stage[], { name, versions }: Stage): Finding {
  const others = before.filter(({ versions: { policy } }) => describe(policy) !== "");
  const takes = ({ name: stage, versions: { policy } }: Stage): string =>
    `${stage} takes ${describe(policy)}`;
  const goal = before.length > 0 ? `get into ${name}` : "be a release";
  const policies = [takes({ name, versions }), ...others.map(takes)];
  return {
    path: [...versions.path, versions.policy.only === undefined ? "prereleases" : "only"],
    message: `no version can ${goal}: ${policies.join(", ")}`,
    remedy: "change `versions` so that some version is taken all the way",
  };
}

function describe({ only, prereleases }: VersionPolicy): string {
  return [
    ...(only === undefined ? [] : [`only "${only}"`]),
    ...(prereleases === "refuse" ? ["no pre-releases"] : []),
  ].join(" and ");
}
