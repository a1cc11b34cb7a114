import type { KubernetesSchemas } from "@promoter/kubernetes-schemas";
import type { Configuration } from "../domain/configuration.ts";
import type { KubernetesObject } from "../domain/pod-spec/object.ts";
import type { EnvironmentKey } from "../domain/promotion.ts";

/** What a release brings along: the objects of all environments, as it is stored. */
export interface ObjectArchive extends EnvironmentKey {
  readonly bytes: Uint8Array;
  readonly configuration: Configuration;
  readonly schemas: KubernetesSchemas;
}

export type ArchivedObjects =
  /** With namespaces filled in, images not pinned yet; at least one. */
  | { readonly kind: "objects"; readonly objects: readonly KubernetesObject[] }
  /** Sentences, each with its place in the archive. */
  | { readonly kind: "faulty"; readonly faults: readonly string[] };

/** Archives are untrusted: whoever may push to their repository wrote them. */
export interface ObjectArchives {
  /**
   * The objects of one environment, judged as files beside promoter.yml are. Never throws for what
   * is in the archive, and reads no more of it than a folder may hold.
   */
  read(archive: ObjectArchive): Promise<ArchivedObjects>;
}
