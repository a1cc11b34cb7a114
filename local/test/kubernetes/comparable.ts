type Parts = Readonly<Record<string, unknown>>;

/** What is another on every server and at every time. */
const volatile: Readonly<Record<string, string>> = {
  uid: "<uid>",
  resourceVersion: "<version>",
  creationTimestamp: "<time>",
  deletionTimestamp: "<time>",
  time: "<time>",
  clusterIP: "<address>",
  storageVersionHash: "<hash>",
};

/** A comparable answer that does not tell which namespace it is about. */
export function anywhere(answer: unknown, namespace: string): unknown {
  return JSON.parse(JSON.stringify(comparable(answer)).replaceAll(namespace, "<ns>"));
}

/** An answer without what differs by chance, and without what controllers write meanwhile. */
export function comparable(value: unknown, key = ""): unknown {
  const placeholder = volatile[key];
  if (placeholder !== undefined && typeof value === "string" && value !== "None") {
    return placeholder;
  }
  if (key === "clusterIPs") return ["<address>"];
  if (typeof value === "string") return withoutChance(value);
  if (Array.isArray(value)) return comparableList(value, key);
  return isParts(value) ? comparableParts(value) : value;
}

function withoutChance(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "<uid>")
    .replaceAll(/(in record) \(\d+\)/g, "$1 (<version>)");
}

/**
 * Managers of the same second are in the order of their names, causes of an error in none; each
 * cause may be told twice.
 */
function comparableList(list: readonly unknown[], key: string): unknown {
  const kept =
    key === "managedFields"
      ? list.filter((one) => !(isParts(one) && one["manager"] === "kube-controller-manager"))
      : list;
  const items = kept.map((one) => comparable(one));
  if (key !== "managedFields" && key !== "causes") return items;
  const sorted = [...new Set(items.map((one) => JSON.stringify(one)))].toSorted();
  return sorted.map((one) => JSON.parse(one) as unknown);
}

/** Whose status is what a controller has said so far. */
const unsettled = new Set(["CustomResourceDefinition", "Deployment", "ReplicaSet", "Scale"]);

function comparableParts(parts: Parts): unknown {
  const entries = Object.entries(parts).filter(
    ([name]) =>
      name !== "deployment.kubernetes.io/revision" &&
      name !== "storageVersionHash" &&
      !(name === "status" && unsettled.has(String(parts["kind"]))),
  );
  const done = entries
    .map(([name, child]) => [name, comparable(child, name)] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    done.filter(
      ([name, child]) =>
        !(name === "annotations" && isParts(child) && Object.keys(child).length === 0),
    ),
  );
}

function isParts(value: unknown): value is Parts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
