import { cutOff } from "../../domain/bounded.ts";
import { PromoterError, type ErrorName } from "../../domain/errors.ts";
import { listAt, textAt } from "../../domain/json.ts";
import type { KubernetesAnswer } from "./kubernetes-request.ts";

export interface ClusterCall {
  /** `applying Deployment orderbook/orderbook-api`. */
  readonly doing: string;
  readonly cluster: string;
}

/**
 * Turns a `Status` that is a failure into our error, with the server's own words and what to do
 * next.
 */
export function throwRefusal(
  { doing, cluster }: ClusterCall,
  { status, body }: KubernetesAnswer,
): never {
  const conflicts = listAt(body, "details", "causes").filter(
    (cause) => textAt(cause, "reason") === "FieldManagerConflict",
  );
  const words = conflicts.length > 0 ? describe(conflicts) : wordsOf(body);
  const answered = `${doing} in cluster ${cluster} was answered ${status}: ${words}`;
  const { name, remedy } =
    conflicts.length > 0 ? fieldConflict(conflicts, doing) : meaningOf(status, body);
  throw new PromoterError(name, remedy === undefined ? answered : `${answered}; ${remedy}`, {
    details: { status, cluster },
  });
}

interface Meaning {
  readonly name: ErrorName;
  readonly remedy: string | undefined;
}

/** A person who edited an object by hand often does not know that a pod spec contains it. */
function fieldConflict(conflicts: readonly unknown[], doing: string): Meaning {
  const fields = conflicts.map((cause) => textAt(cause, "field") ?? "");
  const fixed = fields.filter((field) => isFixed(field, doing));
  if (fixed.length > 0) {
    return {
      name: "FieldConflict",
      remedy: `${fixed.join(", ")}: ${immutableRemedy}; \`force\` does not change that`,
    };
  }
  const required = fields.filter(isRequired);
  const managers = [...new Set(conflicts.map(managerOf))].join(" and ");
  const takeOver =
    "to take them over, set `force: true` under podSpec in promoter.yml and deploy it: " +
    "promotions then own them, and the live values are replaced by those in the files";
  return {
    name: "FieldConflict",
    remedy:
      required.length > 0
        ? `the files must have ${required.join(", ")}, so make ${managers} leave these fields alone; ${takeOver}`
        : `to leave them to ${managers}, remove these fields from the files of the pod spec; ${takeOver}`,
  };
}

/** The selector of pods, but not that of a Service. */
function isFixed(field: string, doing: string): boolean {
  return /^\.spec\.selector\b/.test(field) && !doing.startsWith("applying Service ");
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

/**
 * Status codes of the API conventions (kubernetes/community, sig-architecture/api-conventions.md);
 * others below 500 are refusals.
 */
const meanings: Readonly<Record<number, Meaning>> = {
  401: {
    name: "ClusterRefused",
    remedy:
      "give the role of this function an access entry in the cluster (EKS), or renew the kubeconfig's credentials",
  },
  403: {
    name: "ClusterRefused",
    remedy:
      "give the group of the access entry a Role with this verb and a RoleBinding in the namespace",
  },
  404: { name: "ClusterRefused", remedy: "create what is missing, or add it to the pod spec" },
  409: { name: "ClusterUnavailable", remedy: undefined },
  429: { name: "ClusterUnavailable", remedy: undefined },
};

const transient: Meaning = { name: "ClusterUnavailable", remedy: undefined };
const refused: Meaning = { name: "ClusterRefused", remedy: "correct the object in the pod spec" };
/**
 * Quotas, security standards and admission plugins answer 403 as well; only who lacks a role
 * "cannot" do something.
 */
const notAdmitted: Meaning = {
  name: "ClusterRefused",
  remedy: "change the object, or what the cluster admits",
};
const immutableRemedy =
  "this cannot be changed in an object that exists: restore the cluster's value, " +
  "give the object a new name, or delete it in the cluster and promote again " +
  "(with `kubectl delete --cascade=orphan` the pods of a Deployment run on until you delete their ReplicaSet)";
const immutable: Meaning = { name: "ClusterRefused", remedy: immutableRemedy };
const terminating: Meaning = {
  name: "ClusterRefused",
  remedy: "wait until the namespace is gone, then try again",
};

function meaningOf(status: number, body: unknown): Meaning {
  if (
    listAt(body, "details", "causes").some(
      (cause) => textAt(cause, "reason") === "NamespaceTerminating",
    )
  ) {
    return terminating;
  }
  if (status === 422 && isImmutable(body)) return immutable;
  if (status === 403 && !/ cannot \w+ resource /.test(wordsOf(body))) return notAdmitted;
  // What does not fit the schema is answered 500 by server-side apply (github.com/kubernetes/kubernetes/issues/122480).
  if (/failed to (create typed patch|convert new) object/.test(wordsOf(body))) return refused;
  return meanings[status] ?? (status >= 500 ? transient : refused);
}

/**
 * apimachinery, api/validation/objectmeta.go, and core/validation: selectors, types of Secrets,
 * cluster IPs, templates of Jobs, specs of pods and claims.
 */
const immutability = [
  /(?:are|is) immutable/,
  /may not (?:be changed|change)/,
  /updates to \w+ spec for fields other than/,
];

function isImmutable(body: unknown): boolean {
  return immutability.some((form) => form.test(wordsOf(body)));
}

function describe(conflicts: readonly unknown[]): string {
  const fields = conflicts.map((cause) => `${textAt(cause, "field")} (${managerOf(cause)})`);
  return `other managers own fields that the object sets: ${fields.join(", ")}`;
}

/** `conflict with "kubectl-edit" using apps/v1`: apimachinery, managedfields/internal/conflict.go. */
function managerOf(cause: unknown): string {
  const message = textAt(cause, "message") ?? "";
  return /^conflict with "([^"]+)"/.exec(message)?.[1] ?? message;
}

const maxWordsLength = 1000;

function wordsOf(body: unknown): string {
  const words =
    textAt(body, "message") ?? (typeof body === "string" ? body.trim() : "no reason given");
  return cutOff(words, maxWordsLength);
}
