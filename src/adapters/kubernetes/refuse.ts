import { cutOff } from "../../domain/bounded.ts";
import { PromoterError, type ErrorName } from "../../domain/errors.ts";
import { listAt, textAt } from "../../domain/json.ts";
import {
  conflictRemedy,
  describeConflicts,
  immutableRemedy,
} from "../../domain/pod-spec/field-conflict.ts";
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
  const conflicts = listAt(body, "details", "causes")
    .filter((cause) => textAt(cause, "reason") === "FieldManagerConflict")
    .map((cause) => ({ field: textAt(cause, "field") ?? "", manager: managerOf(cause) }));
  const words = conflicts.length > 0 ? describeConflicts(conflicts) : wordsOf(body);
  const answered = `${doing} in cluster ${cluster} was answered ${status}: ${words}`;
  const { name, remedy } =
    conflicts.length > 0
      ? { name: "FieldConflict" as const, remedy: conflictRemedy(conflicts, selectorIn(doing)) }
      : meaningOf(status, body);
  const immutable = status === 422 && isImmutable(body) ? { immutable: true } : {};
  throw new PromoterError(name, remedy === undefined ? answered : `${answered}; ${remedy}`, {
    details: { status, cluster, ...immutable },
  });
}

/** Only the selector of pods is fixed. */
function selectorIn(doing: string): Parameters<typeof conflictRemedy>[1] {
  return { selector: doing.startsWith("applying Service ") ? "of a service" : "of pods" };
}

interface Meaning {
  readonly name: ErrorName;
  readonly remedy: string | undefined;
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
  if (status === 403 && !/ cannot \w+ resource /.test(messageIn(body))) return notAdmitted;
  // What does not fit the schema is answered 500 by server-side apply (github.com/kubernetes/kubernetes/issues/122480).
  if (/failed to (create typed patch|convert new) object/.test(messageIn(body))) return refused;
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
  return immutability.some((form) => form.test(messageIn(body)));
}

/** `conflict with "kubectl-edit" using apps/v1`: apimachinery, managedfields/internal/conflict.go. */
function managerOf(cause: unknown): string {
  const message = textAt(cause, "message") ?? "";
  return /^conflict with "([^"]+)"/.exec(message)?.[1] ?? message;
}

const maxWordsLength = 1000;

function wordsOf(body: unknown): string {
  return cutOff(messageIn(body), maxWordsLength);
}

/** All of it: of a template that may not change the server shows the whole one, and why only then. */
function messageIn(body: unknown): string {
  return textAt(body, "message") ?? (typeof body === "string" ? body.trim() : "no reason given");
}
