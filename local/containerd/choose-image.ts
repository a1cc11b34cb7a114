import { isImageType, isIndexType } from "../oci/media-types.ts";
import { decodeAsGo, type Shape } from "./go-json.ts";
import { onlyPlatform, type Platform, type PlatformMatcher } from "./platform-matcher.ts";

/** Go structs of the OCI image spec, specs-go/v1, as far as containerd looks at them. */
const platform: Shape = {
  struct: { architecture: "anything", os: "anything", variant: "anything" },
  pointer: true,
};
const descriptor: Shape = {
  struct: {
    mediaType: "anything",
    digest: "anything",
    size: "anything",
    urls: { list: "anything" },
    platform,
  },
};
const manifestShape: Shape = {
  struct: { config: descriptor, layers: { list: descriptor }, manifests: { list: descriptor } },
};
/** Looked at first, to tell one kind of document from another; `null` is there as well. */
const unknownShape: Shape = {
  struct: {
    mediaType: "anything",
    config: "anything",
    layers: "anything",
    manifests: "anything",
    fsLayers: "anything",
  },
};
const platformShape: Shape = {
  struct: { architecture: "anything", os: "anything", variant: "anything" },
};

export interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly size?: number;
  readonly urls?: readonly string[];
  readonly platform?: Platform;
}

export interface ImageManifest {
  readonly digest: string;
  readonly config: Descriptor | undefined;
  readonly layers: readonly Descriptor[];
}

interface Document {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

export interface Content {
  /** The bytes of a manifest; throws when there are none. */
  manifest(digest: string): Promise<Uint8Array>;
  blob(digest: string): Promise<Uint8Array>;
}

/**
 * The manifest that a node of this platform runs (containerd, core/images/image.go, Manifest): it
 * goes by the media type that the descriptor names and by platform, never by annotations, artifact
 * types or the type of the config. Throws what containerd answers when there is none.
 */
export async function chooseImage(
  content: Content,
  target: Descriptor,
  node: Platform,
): Promise<ImageManifest> {
  const matcher = onlyPlatform(node);
  const found = await follow({ content, matcher, target }, target);
  if (found) return found;
  throw new Error(
    `no match for platform in manifest: ${[node.os, node.architecture, node.variant].filter(Boolean).join("/")}`,
  );
}

interface Choice {
  readonly content: Content;
  readonly matcher: PlatformMatcher;
  readonly target: Descriptor;
}

async function follow(choice: Choice, at: Descriptor): Promise<ImageManifest | undefined> {
  const mediaType = at.mediaType ?? "";
  if (!isImageType(mediaType) && !isIndexType(mediaType)) {
    throw new Error(`unexpected media type ${mediaType} for ${at.digest}: not found`);
  }
  const document = await documentAt(choice, at.digest, mediaType);
  if (isImageType(mediaType)) return chosenManifest(choice, at, document);
  const [best] = sorted(choice.matcher, document.manifests ?? []);
  return best && follow(choice, best);
}

async function documentAt(
  { content }: Choice,
  digest: string,
  mediaType: string,
): Promise<Document> {
  const bytes = await content.manifest(digest);
  validateMediaType(
    decodeAsGo(bytes, unknownShape) as Readonly<Record<string, unknown>>,
    mediaType,
  );
  return decodeAsGo(bytes, manifestShape) as Document;
}

function validateMediaType(found: Readonly<Record<string, unknown>>, mediaType: string): void {
  const { mediaType: own = "", config, layers, manifests, fsLayers } = found;
  if (fsLayers !== undefined) throw new Error("media-type: schema 1 not supported");
  if (isImageType(mediaType)) {
    if (manifests !== undefined || isIndexType(String(own))) {
      throw new Error(`media-type: expected manifest but found index (${mediaType})`);
    }
  } else if (config !== undefined || layers !== undefined || isImageType(String(own))) {
    throw new Error(`media-type: expected index but found manifest (${mediaType})`);
  }
}

async function chosenManifest(
  { content, matcher, target }: Choice,
  at: Descriptor,
  document: Document,
): Promise<ImageManifest | undefined> {
  const { config, layers = [] } = document;
  if (at.digest !== target.digest) {
    const own =
      at.platform ??
      (decodeAsGo(await content.blob(config?.digest ?? ""), platformShape) as Platform);
    if (matcher.rank(own) === undefined) return undefined;
  }
  return { digest: at.digest, config, layers };
}

/** What the node can run by the word of the index, best first, then what it says nothing about. */
function sorted(matcher: PlatformMatcher, children: readonly Descriptor[]): readonly Descriptor[] {
  const ranked = children.map((child) => ({
    child,
    rank: child.platform ? matcher.rank(child.platform) : Infinity,
  }));
  return ranked
    .flatMap(({ child, rank }) => (rank === undefined ? [] : [{ child, rank }]))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ child }) => child);
}
