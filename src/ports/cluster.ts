import type { Typed } from "../domain/pod-spec/kinds.ts";
import type { KubernetesObject, ObjectRef } from "../domain/pod-spec/object.ts";

/**
 * One cluster that runs objects. Every method throws `ClusterUnavailable` (try later) or
 * `ClusterRefused` (invalid, forbidden, unauthorised; the server's own words in the message).
 */
export interface Cluster {
  /** undefined when it does not exist, or its kind does not. */
  read(ref: ObjectRef): Promise<KubernetesObject | undefined>;
  /**
   * Whether objects of the kind live in namespaces, by the server's discovery; undefined: it has no
   * such kind.
   */
  isNamespaced(kind: Typed): Promise<boolean | undefined>;
  /** Major and minor version of the server, such as `1.36`. */
  version(): Promise<string>;
  /** Every object of a kind that the query selects, over all pages. */
  list(kind: Typed, query: ListQuery): Promise<readonly KubernetesObject[]>;
  /** Pods that a label selector (`app=web,tier=front`) selects. */
  readPods(namespace: string, selector: string): Promise<readonly KubernetesObject[]>;
  /**
   * The end of the log of a container; undefined: there is no such log, because the pod or that run
   * of the container is gone or never was.
   */
  readLog(pod: ObjectRef, query: LogQuery): Promise<string | undefined>;
  /**
   * Server-side apply of the whole object under our one field manager; the object as it is
   * afterwards. Throws `FieldConflict` naming fields and managers when another one owns a field and
   * `force` was not asked for.
   */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject>;
  /**
   * JSON patch of an object that exists; the object as it is afterwards. An operation on its
   * `resourceVersion` is a precondition: when somebody was faster it throws `ClusterUnavailable`
   * with the status 409.
   */
  patch(
    ref: ObjectRef,
    operations: readonly PatchOperation[],
    options: Pick<ApplyOptions, "dryRun">,
  ): Promise<KubernetesObject>;
  /**
   * Deletes and forgets: absent is fine. With `foreground` it exists until what it owns is gone, a
   * Job until its pods have ended.
   */
  remove(ref: ObjectRef, options?: RemoveOptions): Promise<void>;
}

export interface ListQuery {
  /** Absent: of all namespaces, or of a kind that has none. */
  readonly namespace?: string;
  /** Labels, as in `app=web,tier=front`; absent: any. */
  readonly selector?: string;
  /** Fields, as in `involvedObject.name=web`; absent: any. */
  readonly fields?: string;
}

export interface LogQuery {
  readonly container: string;
  /** Of the run before the present one. */
  readonly previous: boolean;
  /** So many at most, the last ones; of very long lines the first 16 KiB. */
  readonly lines: number;
}

/** An operation of RFC 6902; `path` is a JSON pointer. */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

export interface RemoveOptions {
  readonly foreground: boolean;
}

export interface ApplyOptions {
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** The one field manager name that we ever use: renaming it would orphan every field we own. */
export const fieldManager = "promoter";

/** Connects to a cluster of the configuration by its name there. */
export interface Clusters {
  connect(name: string): Promise<Cluster>;
}
