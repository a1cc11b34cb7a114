export type FieldPath = readonly (string | number)[];

/** The lists of a pod from which kubelet runs containers. */
export const containerLists: readonly string[] = [
  "containers",
  "initContainers",
  "ephemeralContainers",
];

/**
 * Where kubelet takes images from: containers, and image volumes. At any depth, whatever kind of
 * object holds the pod.
 */
export function isImageField(path: FieldPath): boolean {
  const [field, parent, list] = path.slice(-3).toReversed();
  if (field === "image") {
    return typeof parent === "number" && containerLists.includes(String(list));
  }
  return (
    field === "reference" &&
    parent === "image" &&
    typeof list === "number" &&
    path.at(-4) === "volumes"
  );
}
