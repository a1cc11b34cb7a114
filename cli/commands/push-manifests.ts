import { judgeArtifact } from "../../src/config/judge-artifact.ts";
import type { Configuration } from "../../src/domain/configuration.ts";
import { shortDigest, parseDigest } from "../../src/domain/image/digest.ts";
import { parseReference } from "../../src/domain/image/reference.ts";
import { parseRepositoryName } from "../../src/domain/image/repository.ts";
import { parseTag } from "../../src/domain/image/tag.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { buildArtifact, type BuiltArtifact } from "../manifests/build-artifact.ts";
import { gatherFiles } from "../manifests/gather-files.ts";
import { pushArtifact } from "../manifests/push-artifact.ts";
import type { RegistryLogin } from "../registry-login.ts";
import type { Terminal } from "../terminal.ts";

export interface PushManifestsOptions {
  /** `<repository>:<tag>` */
  readonly target: string;
  /** Has one folder for each environment. */
  readonly folder: string;
  readonly json?: boolean;
}

export interface PushManifestsPorts {
  /** Asked for once the archive is made. */
  readonly logIn: () => Promise<RegistryLogin>;
  /** undefined where there is none: a pipeline may have the objects alone. */
  readonly configuration: () => Promise<Configuration | undefined>;
  readonly terminal: Terminal;
}

/**
 * Pushes the objects of all environments as one OCI artifact, as a dev pipeline does beside its
 * images. Where promoter.yml names the repository, what a promotion would refuse is not pushed.
 */
export async function pushManifests(
  { target, folder, json = false }: PushManifestsOptions,
  { logIn, configuration, terminal: { line, style } }: PushManifestsPorts,
): Promise<void> {
  const { repository, tag } = parseTarget(target);
  const files = await gatherFiles(folder);
  const artifact = buildArtifact(files);
  await assertGood(artifact, repository, await configuration());
  const outcome = await pushArtifact({ registry: await logIn(), repository, tag, artifact });
  const { digest } = artifact.manifest;
  if (json) return line(JSON.stringify({ repository, tag, digest, files: files.length, outcome }));
  const parsed = parseDigest(digest);
  const short = parsed ? shortDigest(parsed) : digest;
  const count = `${files.length} file${files.length === 1 ? "" : "s"}`;
  line(
    `${style("cyan", outcome === "pushed" ? "push" : "same")}  ${repository}:${tag}  ${short}  (${count})`,
  );
}

async function assertGood(
  { blobs }: BuiltArtifact,
  repository: string,
  configuration: Configuration | undefined,
): Promise<void> {
  const layer = blobs.at(-1);
  if (!configuration || !layer) return;
  const faults = (await judgeArtifact(repository, layer.bytes, configuration)) ?? [];
  if (faults.length === 0) return;
  const count = `${faults.length} fault${faults.length === 1 ? "" : "s"}; nothing was pushed.`;
  throw new CommandError([...faults, count].join("\n\n"), exitCodes.usage, { faults });
}

function parseTarget(target: string): { readonly repository: string; readonly tag: string } {
  const reference = parseReference(target);
  const repository = parseRepositoryName(reference?.name ?? "");
  const tag = parseTag(reference?.tag ?? "");
  const isPlain = reference?.host === undefined && reference?.digest === undefined;
  if (isPlain && repository !== undefined && tag !== undefined) return { repository, tag };
  throw new CommandError(
    `"${target}" is not a repository with a tag: write it as orderbook-manifests:dev-1.4.2, without the registry`,
    exitCodes.usage,
  );
}
