import type { Takeover } from "./adoption.ts";

/** `path` of the API server: `.spec.replicas`. */
export function describeConflicts(conflicts: readonly Takeover[]): string {
  const fields = conflicts.map(({ field, manager }) => `${field} (${manager})`);
  return `other managers own fields that the object sets: ${fields.join(", ")}`;
}

/** It cannot be changed in an object that exists. */
export const immutableRemedy =
  "this cannot be changed in an object that exists: restore the cluster's value, " +
  "give the object a new name, or delete it in the cluster and promote again " +
  "(with `kubectl delete --cascade=orphan` the pods of a Deployment run on until you delete their ReplicaSet)";

/** What to do about fields of controllers and of tools that nobody handed over. */
export function conflictRemedy(
  conflicts: readonly Takeover[],
  { selector }: { readonly selector: "of pods" | "of a service" },
): string {
  const fields = conflicts.map(({ field }) => field);
  const fixed = fields.filter(
    (field) => selector === "of pods" && /^\.spec\.selector\b/.test(field),
  );
  if (fixed.length > 0) {
    return `${fixed.join(", ")}: ${immutableRemedy}; \`force\` does not change that`;
  }
  const required = fields.filter(isRequired);
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].join(" and ");
  const takeOver =
    "to take them over, set `force: true` under podSpec in promoter.yml and deploy it: " +
    "promotions then own them, and the live values are replaced by those in the files";
  return required.length > 0
    ? `the files must have ${required.join(", ")}, so make ${managers} leave these fields alone; ${takeOver}`
    : `to leave them to ${managers}, remove these fields from the files of the pod spec; ${takeOver}`;
}

/** An object without them is refused. Only the names of ports may be left out. */
const required = [
  /\.(?:image|port|containerPort|mountPath|template)$/,
  /\.containers(?:\[[^\]]*\])?$/,
  /\.(?<!\.ports\[[^\]]*\]\.)name$/,
];

function isRequired(field: string): boolean {
  return required.some((form) => form.test(field));
}
