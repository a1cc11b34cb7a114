import type { RealPart } from "@promoter/local-cloud/real-parts";
import {
  repositoriesOf,
  type Configuration,
  type Environment,
} from "../../src/domain/configuration.ts";
import { formatTagPattern } from "../../src/domain/image/tag-pattern.ts";
import { describeSource } from "../../src/domain/pod-spec/object-source.ts";
import type { CheckedPart } from "./check-parts.ts";
import { describePart } from "./describe-part.ts";

interface GreetingContext {
  readonly configuration: Configuration;
  readonly callbackDoor: { readonly origin: string; readonly path: string } | undefined;
}

/**
 * Which parts are real, what may be changed there, and what they need; nothing when all is
 * simulated.
 */
export function greeting(
  parts: readonly CheckedPart[],
  greeted: GreetingContext,
): readonly string[] {
  if (parts.length === 0) return [];
  const isReal = (kind: RealPart["kind"]): boolean => parts.some(({ part }) => part.kind === kind);
  return [
    "Real parts, and what may be changed there:",
    ...parts.flatMap(({ part, found }) => [
      `  ${describePart(part)}: ${found}`,
      ...changes(part, greeted).map((line) => `    ${line}`),
    ]),
    ...(isReal("cluster") && !isReal("ecr")
      ? [
          "  The registry is simulated: a real cluster cannot pull from it, " +
            "unless its nodes mirror the registry of promoter.yml here.",
        ]
      : []),
    isReal("slack")
      ? "  Nothing is approved automatically. Only votes in Slack count."
      : "  Nothing is approved automatically. You are asked here, or on the page of the local Slack.",
    ...unasked(greeted.configuration),
    "",
  ];
}

function changes(
  part: RealPart,
  { configuration, callbackDoor }: GreetingContext,
): readonly string[] {
  switch (part.kind) {
    case "ecr":
      return [
        ...environmentsOf(configuration).flatMap(({ repositories, tags: written }) => {
          if (!written) return [];
          const tags = [formatTagPattern(written.release), written.moving ?? []].flat();
          return [`adds the tags ${tags.join(", ")} in ${repositories.join(", ")}`];
        }),
        "deletes nothing",
        "its pushes start nothing here: npm run promoter -- promote <application> <version> <environment>",
      ];
    case "slack":
      return [
        `posts and edits messages in ${channelsOf(configuration).join(", ")}`,
        `point your tunnel at ${callbackDoor?.origin}, which serves one path and nothing else`,
        `Interactivity URL of the app: https://<your tunnel>${callbackDoor?.path}`,
      ];
    case "cluster":
      return environmentsOf(configuration)
        .flatMap(({ name, application, podSpec }) =>
          podSpec?.cluster === part.name ? [{ name, application, ...podSpec }] : [],
        )
        .map(
          ({ name, application, objects, namespace }) =>
            `applies the objects of ${describeSource(objects)} in namespace ${namespace} (${application} ${name}), ` +
            "and rolls them back unless they become healthy",
        );
    default:
      return part satisfies never;
  }
}

function channelsOf(configuration: Configuration): readonly string[] {
  const channels = environmentsOf(configuration).flatMap(({ approval }) => approval?.channel ?? []);
  return [...new Set(channels)];
}

/** Repeats that no approval is configured, now that it matters. */
function unasked(configuration: Configuration): readonly string[] {
  const open = environmentsOf(configuration)
    .filter(({ approval }) => approval === undefined)
    .map(({ name, application }) => `${application} ${name}`);
  return open.length === 0
    ? []
    : [`  No approval is needed for ${open.join(", ")}: promoter.yml has none there.`];
}

type NamedEnvironment = Environment & {
  readonly application: string;
  readonly repositories: readonly string[];
};

function environmentsOf({ applications }: Configuration): readonly NamedEnvironment[] {
  return Object.values(applications).flatMap((application) =>
    Object.values(application.environments).map((one) => ({
      ...one,
      application: application.name,
      repositories: repositoriesOf(application),
    })),
  );
}
