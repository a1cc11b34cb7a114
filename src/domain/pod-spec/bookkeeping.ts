/** Fields of an object's metadata that only the API server writes (API conventions, "Metadata"). */
export const serverMetadata: readonly string[] = [
  "managedFields",
  "resourceVersion",
  "uid",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "selfLink",
];

/** `kubectl apply` keeps a copy of the whole object in this annotation. */
export const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
