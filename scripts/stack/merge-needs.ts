import { portNeeds, type Need, type Partition, type PortMethod, type TableAction } from "./port-needs.ts";

/** What a function calls in all, each list sorted and without repetition. */
export interface MergedNeeds {
  readonly table: ReadonlyMap<Partition, readonly TableAction[]>;
  readonly registry: readonly string[];
  readonly clusters: readonly string[];
  readonly workflow: readonly string[];
  readonly secret: readonly string[];
  readonly bus: readonly string[];
}

export function mergeNeeds(methods: readonly PortMethod[]): MergedNeeds {
  const needs = methods.map((method) => portNeeds[method]);
  const all = (kind: Exclude<keyof Need, "table">): readonly string[] => sorted(needs.flatMap((need) => need[kind] ?? []));
  return { table: mergeTable(needs), registry: all("registry"), clusters: all("clusters"), workflow: all("workflow"), secret: all("secret"), bus: all("bus") };
}

function mergeTable(needs: readonly Need[]): MergedNeeds["table"] {
  const merged = new Map<Partition, readonly TableAction[]>();
  for (const { table = {} } of needs) {
    for (const [partition, actions] of entries(table)) merged.set(partition, sorted([...(merged.get(partition) ?? []), ...actions]));
  }
  return merged;
}

/** Object.entries forgets the type of the keys. */
function entries(table: NonNullable<Need["table"]>): readonly (readonly [Partition, readonly TableAction[]])[] {
  const partitions: readonly Partition[] = ["RELEASE", "ENV", "PROMO", "BLOB", "TRAIL", "APPROVAL", "WAIT", "OPEN"];
  return partitions.flatMap((partition) => (table[partition] ? [[partition, table[partition]] as const] : []));
}

function sorted<Text extends string>(texts: readonly Text[]): readonly Text[] {
  return [...new Set(texts)].toSorted();
}
