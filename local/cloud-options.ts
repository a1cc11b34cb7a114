import type { Clock } from "./clock.ts";
import type { Configuration } from "./configuration.ts";
import type { EcrOptions } from "./ecr/ecr.ts";
import type { RealParts } from "./real-parts/real-parts.ts";
import type { Template } from "./template/resolve-template.ts";

export interface LocalCloudOptions {
  readonly configuration: Configuration;
  /** `application/environment` to its objects. */
  readonly podSpecs: Readonly<Record<string, readonly object[]>>;
  /** The resolved stack of serverless.yml. */
  readonly template: Template;
  /** Folder of serverless.yml: the handlers lie below it. */
  readonly root: string;
  /**
   * Folder of the packaged functions: `<key>/index.mjs` with its `promoter.json`. Given, these run,
   * each sandbox a process, instead of the sources in this process. They know no other time than
   * the real one.
   */
  readonly packaged?: string;
  /**
   * Real time unless told otherwise, without the stalls of this process; processes and parts of the
   * real world know no other time than the real one.
   */
  readonly clock?: Clock;
  readonly port?: number;
  readonly random?: () => number;
  readonly repositories?: EcrOptions["repositories"];
  readonly scanning?: EcrOptions["scanning"];
  /** Records of the functions' logs. */
  readonly log?: (record: Readonly<Record<string, unknown>>) => void;
  /** People of the local Slack besides the approvers. */
  readonly people?: readonly { readonly id: string; readonly name: string }[];
  /** Parts of the user's own in place of simulated ones. */
  readonly real?: RealParts;
}
