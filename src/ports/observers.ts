import type { ObserverAnswer } from "../domain/observation.ts";
import type { Promotion } from "../domain/promotion.ts";

/**
 * What says whether a release that runs is well. Whatever goes wrong on the way is an answer: that
 * it is unclear, and why.
 */
export interface Observers {
  /** One look for each alarm. One that has too little data is well, with a note. */
  alarms(arns: readonly string[]): Promise<readonly ObserverAnswer[]>;
  /** A GET: 200 to 299 is well. */
  http(url: string): Promise<ObserverAnswer>;
  /** Invokes a function with the release, and believes what it answers. */
  invoke(arn: string, release: ObservedRelease): Promise<ObserverAnswer>;
}

/** The payload of the function: `{ "healthy": true }` or `false` is its answer, with a `reason`. */
export interface ObservedRelease extends Pick<
  Promotion,
  "application" | "environment" | "version"
> {
  readonly promotion: Promotion["id"];
  /** Epoch milliseconds: the time in which the release is watched. */
  readonly since: number;
  readonly until: number;
  readonly members: readonly { readonly repository: string; readonly digest: string }[];
}
