import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import type { Configuration } from "../domain/configuration.ts";
import { readObjectArchive } from "./objects/read-archive.ts";

/**
 * What a promotion would refuse of an archive, in every environment whose objects it holds;
 * undefined where promoter.yml names it nowhere, so that nothing is known of it.
 */
export async function judgeArtifact(
  repository: string,
  bytes: Uint8Array,
  configuration: Configuration,
): Promise<readonly string[] | undefined> {
  const environments = Object.values(configuration.applications).flatMap((application) =>
    Object.values(application.environments).flatMap(({ name, podSpec }) =>
      podSpec?.objects.kind === "artifact" && podSpec.objects.repository === repository
        ? [{ application: application.name, environment: name }]
        : [],
    ),
  );
  if (environments.length === 0) return undefined;
  const schemas = loadKubernetesSchemas();
  const read = await Promise.all(
    environments.map(async (key) => readObjectArchive({ ...key, bytes, configuration, schemas })),
  );
  const faults = read.flatMap((one, index) =>
    one.kind === "faulty" ? one.faults.map((fault) => named(environments[index], fault)) : [],
  );
  return [...new Set(faults)];
}

/** A fault of a file names its folder; one of the archive is the same in every environment. */
function named(key: { readonly environment: string } | undefined, fault: string): string {
  return fault.includes(" in the archive: ") || !key ? fault : `${key.environment}: ${fault}`;
}
