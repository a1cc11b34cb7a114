import { readFileSync } from "node:fs";
import { kubernetesSchemas, type KubernetesSchemas, type SchemaData } from "./schemas.ts";

let loaded: KubernetesSchemas | undefined;

/**
 * Reads kubernetes.json beside this file, or beside the bundle that this file went into, at the
 * first call; a few milliseconds.
 */
export function loadKubernetesSchemas(): KubernetesSchemas {
  loaded ??= kubernetesSchemas(
    JSON.parse(readFileSync(new URL("kubernetes.json", import.meta.url), "utf8")) as SchemaData,
  );
  return loaded;
}
