import type { Configuration } from "../domain/configuration.ts";
import type { KubernetesObject } from "../domain/pod-spec/object.ts";

/** The checked configuration that was packaged with the functions. */
export interface Configurations {
  read(): Promise<Configuration>;
  /**
   * The objects of an environment as the files have them, namespaces filled in, images not pinned
   * yet.
   */
  podSpec(application: string, environment: string): Promise<readonly KubernetesObject[]>;
}
