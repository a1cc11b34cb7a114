import type { Application, Environment } from "./configuration.ts";
import { policyRefusal } from "./version-policy.ts";

export interface Destination {
  readonly application: Pick<Application, "name" | "source">;
  readonly environment: Pick<Environment, "name" | "versions">;
}

const startsNothing = " starts no promotion: ";

/** Of a release that is complete, and that an environment does not take. */
export function declinedReason(release: string, refusal: string): string {
  return release + startsNothing + refusal;
}

export function isDeclinedReason(reason: string): boolean {
  return reason.includes(startsNothing);
}

/** Why promoter.yml does not have this version go to the environment; undefined: it may. */
export function versionRefusal(
  { application, environment }: Destination,
  version: string,
): string | undefined {
  return (
    policyRefusal(application.source.versions, version, application.name) ??
    policyRefusal(environment.versions, version, environment.name)
  );
}
