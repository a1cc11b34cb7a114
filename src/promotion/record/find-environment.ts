import { promoteCommand } from "../../domain/command-line.ts";
import type {
  Application,
  Configuration,
  Environment,
  PodSpecSource,
} from "../../domain/configuration.ts";
import { PromoterError } from "../../domain/errors.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { Conclusion, EnvironmentKey } from "../../domain/promotion.ts";

export interface ConfiguredEnvironment {
  readonly configuration: Configuration;
  readonly application: Application;
  readonly environment: Environment;
}

/** The configuration of an environment, or what exists instead, in words for the person who asked. */
export function findEnvironment(
  configuration: Configuration,
  key: EnvironmentKey,
): ConfiguredEnvironment | { readonly unknown: string } {
  const application = lookUp(configuration.applications, key.application);
  if (!application) {
    return {
      unknown: unknownName("application", key.application, Object.keys(configuration.applications)),
    };
  }
  const environment = lookUp(application.environments, key.environment);
  if (!environment) {
    return {
      unknown: unknownName(
        `environment of ${key.application}`,
        key.environment,
        Object.keys(application.environments),
      ),
    };
  }
  return { configuration, application, environment };
}

/** Throws `NotFound` for what `findEnvironment` calls unknown. */
export function environmentOf(
  configuration: Configuration,
  key: EnvironmentKey,
): ConfiguredEnvironment {
  const found = findEnvironment(configuration, key);
  if ("unknown" in found) throw new PromoterError("NotFound", found.unknown);
  return found;
}

/**
 * How an environment is deployed. Throws `NotFound` when promoter.yml no longer says so, although a
 * promotion has begun to deploy there.
 */
export function podSpecOf(configuration: Configuration, key: EnvironmentKey): PodSpecSource {
  const { podSpec } = environmentOf(configuration, key).environment;
  if (podSpec) return podSpec;
  const why = `${key.application}/${key.environment} has no podSpec in promoter.yml any more`;
  throw new PromoterError("NotFound", `${why}; add it again to finish this promotion`);
}

/** How a promotion ends whose environment was removed from promoter.yml before anything was written. */
export function environmentRemoved({ unknown }: { readonly unknown: string }): Conclusion {
  return {
    ending: "Refused",
    reasons: [
      `${unknown}; it was removed while this promotion was under way, and nothing was written`,
    ],
  };
}

/** Why a version may not enter an environment with `after` yet, and what to run first. */
export function missingPredecessor(
  after: string,
  { application, version, environment }: EnvironmentKey & { readonly version: string },
): string {
  const why = `${application} ${version} was never promoted to ${after}, which comes before ${environment}`;
  return `${why}; run ${promoteCommand({ application, version, environment: after })} first`;
}

function unknownName(what: string, name: string, known: readonly string[]): string {
  return `there is no ${what} named "${name}"; promoter.yml has ${known.join(", ")}`;
}
