import type { Hash } from "../domain/hash.ts";
import type { Approvals } from "./approvals.ts";
import type { Clock, Pause } from "./clock.ts";
import type { Clusters } from "./cluster.ts";
import type { Configurations } from "./configurations.ts";
import type { Environments } from "./environments.ts";
import type { EventBus } from "./event-bus.ts";
import type { IgnoredPushes } from "./ignored-pushes.ts";
import type { ImageRegistry } from "./image-registry.ts";
import type { Messenger } from "./messenger.ts";
import type { OpenWork } from "./open-work.ts";
import type { Promotions } from "./promotions.ts";
import type { Releases } from "./releases.ts";
import type { ScanReports } from "./scan-reports.ts";
import type { Trail } from "./trail.ts";
import type { Waits } from "./waits.ts";
import type { Workflow } from "./workflow.ts";

/** Every port, under the name that tasks, roles and handlers use. */
export interface Ports extends Given {
  readonly approvals: Approvals;
  readonly bus: EventBus;
  readonly clusters: Clusters;
  readonly environments: Environments;
  readonly ignoredPushes: IgnoredPushes;
  readonly messenger: Messenger;
  readonly openWork: OpenWork;
  readonly promotions: Promotions;
  readonly registry: ImageRegistry;
  readonly releases: Releases;
  readonly scans: ScanReports;
  readonly trail: Trail;
  readonly waits: Waits;
  readonly workflow: Workflow;
}

/** Given to every task: no service is called and no permission needed. */
export interface Given {
  readonly clock: Clock;
  readonly configurations: Configurations;
  readonly hash: Hash;
  readonly pause: Pause;
}

export type PortName = Exclude<keyof Ports, keyof Given>;

type MethodOf<Name extends PortName> = `${Name}.${keyof Ports[Name] & string}`;

/**
 * What only the rules read. Which of it depends on the rules that are configured, and so does the
 * role.
 */
type FactMethod =
  | "registry.describeImage"
  | "registry.missingLayers"
  | "registry.readBlob"
  | "registry.readManifests"
  | "scans.readScan";

/**
 * A method that a task calls, as `<port>.<method>`; `registry.facts` is what the configured rules
 * read.
 */
export type Need =
  | Exclude<{ [Name in PortName]: MethodOf<Name> }[PortName], FactMethod>
  | "registry.facts";

type Allowed<Needed extends Need> = Needed extends "registry.facts"
  ? FactMethod | "registry.readImage"
  : Needed;

type NamesIn<Name extends string, Method extends string> = Method extends `${Name}.${infer Rest}`
  ? Rest
  : never;

/**
 * The ports that the needs name, and of each only the methods that they name: any other call is a
 * type error.
 */
export type PortsFor<Needs extends readonly Need[]> = Given & {
  readonly [
    Name in PortName as [NamesIn<Name, Allowed<Needs[number]>>] extends [never] ? never : Name
  ]: Pick<Ports[Name], NamesIn<Name, Allowed<Needs[number]>> & keyof Ports[Name]>;
};
