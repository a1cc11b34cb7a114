import type { KubernetesObject, ObjectRef } from "../domain/pod-spec/object.ts";

/**
 * One cluster that runs objects. Every method throws `ClusterUnavailable` (try later) or
 * `ClusterRefused` (invalid, forbidden, unauthorised; the server's own words in the message).
 */
export interface Cluster {
  /** undefined when it does not exist. */
  read(ref: ObjectRef): Promise<KubernetesObject | undefined>;
  /** Pods that a label selector (`app=web,tier=front`) selects. */
  readPods(namespace: string, selector: string): Promise<readonly KubernetesObject[]>;
  /**
   * Server-side apply of the whole object under our one field manager; the object as it is
   * afterwards. Throws `FieldConflict` naming fields and managers when another one owns a field and
   * `force` was not asked for.
   */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject>;
  /** Deletes and forgets: absent is fine. */
  remove(ref: ObjectRef): Promise<void>;
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
