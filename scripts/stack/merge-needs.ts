import type { Configuration } from "../../src/domain/configuration.ts";
import { factsNeeded } from "../../src/domain/rules/index.ts";
import type { FactName } from "../../src/domain/rules/rule.ts";
import { methodsOf, type Need } from "../../src/ports/ports.ts";
import {
  permissionsOf,
  tablePartitions,
  type Permissions,
  type TablePartition,
  type TableAction,
} from "./port-needs.ts";

/** All calls of a function, each list sorted and without duplicates. */
export interface MergedNeeds {
  readonly table: ReadonlyMap<TablePartition, readonly TableAction[]>;
  readonly registry: readonly string[];
  readonly clusters: readonly string[];
  readonly workflow: readonly string[];
  readonly secret: readonly string[];
  readonly bus: readonly string[];
  readonly alarms: readonly string[];
  readonly observers: readonly string[];
}

export function mergeNeeds(needs: readonly Need[], configuration: Configuration): MergedNeeds {
  const facts = factsRead(configuration);
  const permissions = needs
    .flatMap((need) => methodsOf(need, facts))
    .map((method) => permissionsOf[method]);
  const all = (kind: Exclude<keyof Permissions, "table">): readonly string[] =>
    sorted(permissions.flatMap((one) => one[kind] ?? []));
  return {
    table: mergeTable(permissions),
    registry: all("registry"),
    clusters: all("clusters"),
    workflow: all("workflow"),
    secret: all("secret"),
    bus: all("bus"),
    alarms: all("alarms"),
    observers: all("observers"),
  };
}

/** Roles are not kept apart by environment, so what one environment needs counts for all. */
function factsRead({ applications }: Configuration): readonly FactName[] {
  return Object.values(applications).flatMap(({ environments }) =>
    Object.values(environments).flatMap(({ rules }) => factsNeeded(rules)),
  );
}

function mergeTable(permissions: readonly Permissions[]): MergedNeeds["table"] {
  const merged = new Map<TablePartition, readonly TableAction[]>();
  for (const { table = {} } of permissions) {
    for (const [partition, actions] of entries(table)) {
      merged.set(partition, sorted([...(merged.get(partition) ?? []), ...actions]));
    }
  }
  return merged;
}

/** Object.entries forgets the type of the keys. */
function entries(
  table: NonNullable<Permissions["table"]>,
): readonly (readonly [TablePartition, readonly TableAction[]])[] {
  return tablePartitions.flatMap((partition) =>
    table[partition] ? [[partition, table[partition]] as const] : [],
  );
}

function sorted<Text extends string>(texts: readonly Text[]): readonly Text[] {
  return [...new Set(texts)].toSorted();
}
