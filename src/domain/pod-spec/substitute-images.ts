import { isList, isRecord, type JsonRecord } from "./json.ts";
import type { KubernetesObject } from "./object.ts";

/** What every use of a repository is replaced by. */
export interface PinnedImage {
  /** The whole name, `111122223333.dkr.ecr.eu-west-1.amazonaws.com/orderbook-api`. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

export interface Substitution {
  readonly objects: readonly KubernetesObject[];
  /** How often each repository was used, in the order of the images; 0 for one that no object names. */
  readonly uses: ReadonlyMap<string, number>;
  /** Every other image at such a place, as it stands. */
  readonly others: ReadonlySet<string>;
}

/**
 * Pins every matching image to `repository:tag@digest`, where `kubectl kustomize` replaces images: in each element of every `containers`
 * and `initContainers` list, at any depth and in any kind but a CustomResourceDefinition. The name must be the same to the letter; a tag
 * or digest that is there is replaced. Source: kustomize, api/filters/imagetag/legacy.go.
 */
export function substituteImages(objects: readonly KubernetesObject[], images: readonly PinnedImage[]): Substitution {
  const counts = new Map(images.map(({ repository }) => [repository, 0]));
  const others = new Set<string>();
  const pin: Pin = (image) => {
    const match = images.find(({ repository }) => names(image, repository));
    if (!match) {
      others.add(image);
      return image;
    }
    counts.set(match.repository, (counts.get(match.repository) ?? 0) + 1);
    return `${match.repository}:${match.tag}@${match.digest}`;
  };
  return { objects: objects.map((object) => pinObject(object, pin)), uses: counts, others };
}

type Pin = (image: string) => string;

/** What may follow a name: the pattern of kustomize's IsImageMatched (api/internal/image/image.go). */
const tagAndDigest = /^(?::[\w.{}-]*)?(?:@sha256:[\w.{}-]*)?$/;

/** The port of a registry is never taken for a tag, because the name is compared first. */
function names(image: string, repository: string): boolean {
  return image.startsWith(repository) && tagAndDigest.test(image.slice(repository.length));
}

const containerLists: ReadonlySet<string> = new Set(["containers", "initContainers"]);

function pinObject(object: KubernetesObject, pin: Pin): KubernetesObject {
  if (object.kind === "CustomResourceDefinition") return object;
  const { apiVersion, kind, metadata, ...rest } = object;
  return { apiVersion, kind, metadata, ...pinRecord(rest, pin) };
}

function pinValue(value: unknown, pin: Pin): unknown {
  if (isList(value)) return value.map((item) => pinValue(item, pin));
  return isRecord(value) ? pinRecord(value, pin) : value;
}

function pinRecord(record: JsonRecord, pin: Pin): JsonRecord {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, pinField(key, value, pin)]));
}

function pinField(key: string, value: unknown, pin: Pin): unknown {
  const inner = pinValue(value, pin);
  return containerLists.has(key) && isList(inner) ? inner.map((item) => pinContainer(item, pin)) : inner;
}

function pinContainer(container: unknown, pin: Pin): unknown {
  if (!isRecord(container) || typeof container["image"] !== "string") return container;
  return { ...container, image: pin(container["image"]) };
}
