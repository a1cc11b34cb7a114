/**
 * Flags of the executor, v1.28: README of osscontainertools/kaniko, "Using kaniko" (context, dockerfile, destination) and
 * "Additional Flags". Deprecated ones are left out, so that no example uses them.
 */
export const kanikoFlags: ReadonlySet<string> = new Set([
  "--context", "--context-sub-path", "--destination", "--dockerfile",
  "--annotation", "--build-arg", "--cache", "--cache-copy-layers", "--cache-dir", "--cache-repo", "--cache-run-layers", "--cache-ttl", "--cleanup",
  "--compressed-caching", "--compression", "--compression-level", "--credential-helpers", "--custom-platform", "--digest-file", "--dryrun",
  "--force", "--git", "--ignore-path", "--ignore-var-run", "--image-download-retry", "--image-format", "--image-fs-extract-retry",
  "--image-name-tag-with-digest-file", "--image-name-with-digest-file", "--insecure", "--insecure-pull", "--insecure-registry", "--label",
  "--log-format", "--log-timestamp", "--materialize", "--no-push", "--no-push-cache", "--oci-layout-path", "--pre-cleanup", "--preserve-context",
  "--push-ignore-immutable-tag-errors", "--push-retry", "--registry-certificate", "--registry-client-cert", "--registry-map", "--registry-mirror",
  "--reproducible", "--secret", "--single-snapshot", "--skip-default-registry-fallback", "--skip-push-permission-check", "--skip-tls-verify",
  "--skip-tls-verify-pull", "--skip-tls-verify-registry", "--snapshot-mode", "--tar-path", "--target", "--use-new-run", "--verbosity",
]);
