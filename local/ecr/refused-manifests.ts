import { type Json, listAt, stringAt, valueAt } from "../json-value.ts";

export interface RefusedManifest {
  readonly what: string;
  /** As ECR puts it: Invalid parameter at 'ImageManifest' failed to satisfy constraint: '…'. */
  readonly constraint: string;
  applies(manifest: Json): boolean;
}

const strictSyntax = "Invalid JSON syntax";

/**
 * Manifests that the OCI specifications allow and ECR is reported to refuse, at both doors: it
 * "takes a strict parsing of the manifest" (moby/buildkit issue 6171). Only what somebody reported
 * stands here, so that this registry is not harder than the real one.
 */
export const refusedManifests: readonly RefusedManifest[] = [
  {
    what: "an image without layers: werf/werf issue 2544, aws/containers-roadmap issue 876",
    constraint: "Image has to have at least 1 layer",
    applies: (manifest) =>
      valueAt(manifest, "layers") !== undefined && listAt(manifest, "layers").length === 0,
  },
  {
    what: "a platform with CPU features: aws/containers-roadmap issue 2439",
    constraint: strictSyntax,
    applies: (manifest) =>
      listAt(manifest, "manifests").some(
        (child) => valueAt(child, "platform", "features") !== undefined,
      ),
  },
  {
    what: "a platform with features of the operating system: dragonflyoss/nydus issue 1692",
    constraint: strictSyntax,
    applies: (manifest) =>
      listAt(manifest, "manifests").some(
        (child) => valueAt(child, "platform", "os.features") !== undefined,
      ),
  },
  {
    what: "annotations of the config: goharbor/acceleration-service pull request 353, aws/containers-roadmap issue 308",
    constraint: strictSyntax,
    applies: (manifest) => valueAt(manifest, "config", "annotations") !== undefined,
  },
  {
    // BuildKit's attestations had one when they were OCI artifacts.
    what: "a subject with a platform: dragonflyoss/nydus issue 1691, moby/buildkit issues 5747, 6171",
    constraint: strictSyntax,
    applies: (manifest) => valueAt(manifest, "subject", "platform") !== undefined,
  },
  {
    what: "a media type with parameters: aws/containers-roadmap issue 2306, sigstore/sigstore-js pull request 1058",
    constraint: strictSyntax,
    applies: (manifest) => mediaTypesIn(manifest).some((mediaType) => mediaType.includes(";")),
  },
];

function mediaTypesIn(manifest: Json): readonly string[] {
  const layers = listAt(manifest, "layers").map((layer) => stringAt(layer, "mediaType"));
  return [stringAt(manifest, "artifactType"), ...layers].filter(
    (mediaType) => mediaType !== undefined,
  );
}
