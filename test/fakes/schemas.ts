import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import type { Schemas } from "../../src/ports/schemas.ts";

export function fakeSchemas(): Schemas {
  return { read: async () => loadKubernetesSchemas() };
}
