import { parseArtifact } from "../../domain/artifact/parse-artifact.ts";
import type { RepositoryName } from "../../domain/image/repository.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { ConfiguredEnvironment } from "../record/find-environment.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";

export const readObjectsNeeds = [
  "registry.readManifests",
  "registry.readBlob",
  "archives.read",
  "schemas.read",
] as const satisfies readonly Need[];
type ReadObjectsPorts = PortsFor<typeof readObjectsNeeds>;

export type ObjectsOfRelease =
  | { readonly objects: readonly KubernetesObject[] }
  | { readonly refusals: readonly string[] };

interface ObjectsWanted {
  readonly promotion: ResolvedPromotion;
  readonly found: ConfiguredEnvironment;
}

/**
 * The objects of an environment as they are written, none where it has no cluster: packaged with
 * the functions, or in the artifact that is a member of the release. Its bytes are those of the
 * digest that was verified.
 */
export async function readObjects(
  wanted: ObjectsWanted,
  ports: ReadObjectsPorts,
): Promise<ObjectsOfRelease> {
  const { application, environment } = wanted.promotion;
  const source = wanted.found.environment.podSpec?.objects;
  if (!source) return { objects: [] };
  return source.kind === "artifact"
    ? readArtifact(source.repository, wanted, ports)
    : { objects: await ports.configurations.podSpec(application, environment) };
}

async function readArtifact(
  repository: RepositoryName,
  { promotion, found }: ObjectsWanted,
  { registry, archives, schemas }: ReadObjectsPorts,
): Promise<ObjectsOfRelease> {
  const { application, environment, members } = promotion;
  const digest = members.find((member) => member.repository === repository)?.digest;
  const artifact = `${repository}@${digest}`;
  const [manifest] = digest ? await registry.readManifests(repository, [digest]) : [];
  if (!manifest) return { refusals: [`${artifact} is not in the registry; push it again`] };
  const parsed = parseArtifact(manifest);
  if (parsed.kind === "other") return { refusals: [`${artifact} ${parsed.fault}`] };
  const bytes = await registry.readBlob({ repository, digest: parsed.layer.digest });
  const { configuration } = found;
  const read = await archives.read({
    bytes,
    configuration,
    application,
    environment,
    schemas: await schemas.read(),
  });
  return read.kind === "objects"
    ? { objects: read.objects }
    : { refusals: read.faults.map((fault) => `${repository}: ${fault}`) };
}
