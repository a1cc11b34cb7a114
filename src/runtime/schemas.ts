import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import type { Schemas } from "../ports/schemas.ts";

/** Read at the first call of a container. */
export function schemasOf(): Schemas {
  return { read: async () => loadKubernetesSchemas() };
}
