import type { KubernetesSchemas } from "@promoter/kubernetes-schemas";

/** The fields of Kubernetes' own kinds, which lie beside the function. */
export interface Schemas {
  read(): Promise<KubernetesSchemas>;
}
