import type { Hash, Mac } from "../domain/hash.ts";
import type { FactName } from "../domain/rules/rule.ts";
import type { Approvals } from "./approvals.ts";
import type { Clock, Pause } from "./clock.ts";
import type { Clusters } from "./cluster.ts";
import type { Configurations } from "./configurations.ts";
import type { Environments } from "./environments.ts";
import type { EventBus } from "./event-bus.ts";
import type { IgnoredPushes } from "./ignored-pushes.ts";
import type { ImageRegistry } from "./image-registry.ts";
import type { Messenger } from "./messenger.ts";
import type { ObjectArchives } from "./object-archives.ts";
import type { Observers } from "./observers.ts";
import type { OpenWork } from "./open-work.ts";
import type { Promotions } from "./promotions.ts";
import type { Releases } from "./releases.ts";
import type { ScanReports } from "./scan-reports.ts";
import type { Schemas } from "./schemas.ts";
import type { Trail } from "./trail.ts";
import type { Waits } from "./waits.ts";
import type { Workflow } from "./workflow.ts";

/** Every port, under the name that tasks, roles and handlers use. */
export interface Ports extends Given {
  readonly approvals: Approvals;
  readonly archives: ObjectArchives;
  readonly bus: EventBus;
  readonly clusters: Clusters;
  readonly environments: Environments;
  readonly ignoredPushes: IgnoredPushes;
  readonly messenger: Messenger;
  readonly observers: Observers;
  readonly openWork: OpenWork;
  readonly promotions: Promotions;
  readonly registry: ImageRegistry;
  readonly releases: Releases;
  readonly scans: ScanReports;
  readonly schemas: Schemas;
  readonly trail: Trail;
  readonly waits: Waits;
  readonly workflow: Workflow;
}

/** Given to every task: no service is called and no permission needed. */
export interface Given {
  readonly clock: Clock;
  readonly configurations: Configurations;
  readonly hash: Hash;
  readonly mac: Mac;
  readonly pause: Pause;
}

export type PortName = Exclude<keyof Ports, keyof Given>;

type MethodOf<Name extends PortName> = `${Name}.${keyof Ports[Name] & string}`;

/** `<port>.<method>`. */
export type PortMethod = { [Name in PortName]: MethodOf<Name> }[PortName];

/**
 * What stands behind the need `registry.facts`: the methods that every verification calls, and
 * those that it calls only where an active rule names the fact.
 */
const factMethods = {
  always: [
    "registry.describeImage",
    "registry.missingLayers",
    "registry.readBlob",
    "registry.readImage",
    "registry.readManifests",
  ],
  scan: ["scans.readScan"],
} as const satisfies Readonly<Record<"always" | FactName, readonly PortMethod[]>>;

type FactMethods = typeof factMethods;

/**
 * A method that a task calls. No task names a method that only some rules need: it would be allowed
 * whatever is configured.
 */
export type Need = Exclude<PortMethod, FactMethods[FactName][number]> | "registry.facts";

/** The methods that a task with this need calls where the active rules name these facts. */
export function methodsOf(need: Need, facts: readonly FactName[]): readonly PortMethod[] {
  if (need !== "registry.facts") return [need];
  return [...factMethods.always, ...facts.flatMap((fact) => factMethods[fact])];
}

type Allowed<Needed extends Need> = Needed extends "registry.facts"
  ? FactMethods[keyof FactMethods][number]
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
