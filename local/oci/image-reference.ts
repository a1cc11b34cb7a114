/** What a node pulls, read from an image field of a pod. */
export interface ImageReference {
  /** Undefined: Docker Hub. */
  readonly host: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const name = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
const label = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const hostForm = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);

/**
 * Takes a reference apart from its end, as kubelet and containerd understand it; undefined where
 * they answer "invalid reference format" (github.com/distribution/reference,
 * ParseNormalizedNamed).
 */
export function parseImageReference(text: string): ImageReference | undefined {
  const [named = "", digest, ...more] = text.split("@");
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  const { host, repository } = splitHost(hasTag ? named.slice(0, colon) : named);
  const isValid =
    more.length === 0 &&
    (digest === undefined || digestForm.test(digest)) &&
    (tag === undefined || tagForm.test(tag)) &&
    (host === undefined || hostForm.test(host)) &&
    // A name of 64 hex digits could be an image's id.
    !/^[a-f0-9]{64}$/.test(text) &&
    repository.length <= 255 &&
    repository.split("/").every((part) => name.test(part));
  return isValid ? { host, repository, tag, digest } : undefined;
}

/** The first part is a host only if it looks like one: `team/web` is of Docker Hub. */
function splitHost(path: string): Pick<ImageReference, "host" | "repository"> {
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(slash, 0));
  const isHost = first === "localhost" || /[.:A-Z]/.test(first);
  return isHost
    ? { host: first, repository: path.slice(slash + 1) }
    : { host: undefined, repository: path };
}
