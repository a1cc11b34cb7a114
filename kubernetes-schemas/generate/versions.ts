/**
 * One release of each minor that EKS runs, in standard or extended support
 * (https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html). A patch release
 * changes no field, so that any of a minor will do; they are named to make the output repeatable.
 */
export const releases: readonly string[] = ["1.32.13", "1.33.13", "1.34.4", "1.35.4", "1.36.3"];

/** `1.36` of `1.36.3`. */
export function minorOf(release: string): string {
  return release.split(".").slice(0, 2).join(".");
}
