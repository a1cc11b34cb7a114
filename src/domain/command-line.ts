import type { EnvironmentKey, PromotionId } from "./promotion.ts";

/** Commands as messages name them: whole, so that they can be typed as they stand. */

export function promoteCommand({
  application,
  version,
  environment,
  back,
}: EnvironmentKey & { readonly version: string; readonly back?: true | undefined }): string {
  return `\`promote ${application} ${version} ${environment}${back ? " --back" : ""}\``;
}

/** What ran in an environment. */
export function promotedCommand({ application, environment }: EnvironmentKey): string {
  return `\`history ${application} ${environment} --promoted\``;
}

/** Of what a push started; what a person started is promoted again. */
export function retryCommand(id: PromotionId): string {
  return `\`retry ${id}\``;
}

export function cancelCommand(id: PromotionId): string {
  return `\`cancel ${id}\``;
}

export function showCommand(id: PromotionId): string {
  return `\`show ${id}\``;
}

/** Of a cluster by its name in promoter.yml. */
export function clusterAccessCommand(cluster: string): string {
  return `\`cluster-access ${cluster}\``;
}

export function resumeCommand(
  { application, environment }: EnvironmentKey,
  option?: "--settled" | "--roll-back",
): string {
  return `\`resume ${application} ${environment}${option === undefined ? "" : ` ${option}`}\``;
}
