#!/usr/bin/env node
// In the place of /kaniko/executor, which may only run in a container of its own since it unpacks into /: buildah builds from the
// same flags, and pushes to the local registry what the flags send to ECR.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const volumes = JSON.parse(process.env["STAND_IN_VOLUMES"] ?? "{}") as Readonly<
  Record<string, string>
>;
const { values } = parseArgs({
  options: {
    context: { type: "string" },
    destination: { type: "string" },
    "digest-file": { type: "string" },
    "push-retry": { type: "string" },
    label: { type: "string", multiple: true, default: [] },
  },
});
const context = onThisMachine(required("context").replace(/^dir:\/\//, ""));
const destination = required("destination");
if (!hasCredentials()) throw new Error(`no AWS credentials to push to ${destination}`);
if (!existsSync(`${context}/Dockerfile`)) throw new Error(`no Dockerfile in ${context}`);

const storage = [
  "--storage-driver",
  "vfs",
  "--root",
  required("STAND_IN_STORAGE"),
  "--runroot",
  `${required("STAND_IN_STORAGE")}-run`,
];
const labels = values.label.flatMap((label) => ["--label", label]);
buildah("build", "--isolation", "chroot", "--pull-never", ...labels, "--tag", destination, context);
const target = destination.replace(/^[^/]+/, required("STAND_IN_REGISTRY"));
buildah(
  "push",
  "--tls-verify=false",
  "--creds",
  required("STAND_IN_CREDENTIALS"),
  "--digestfile",
  onThisMachine(required("digest-file")),
  destination,
  `docker://${target}`,
);

function required(name: string): string {
  const value = name.startsWith("STAND_IN")
    ? process.env[name]
    : values[name as "context" | "destination" | "digest-file"];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

/**
 * As the credential helper for ECR would find them: keys, a web identity, or the agent of EKS Pod
 * Identity.
 */
function hasCredentials(): boolean {
  const {
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_ROLE_ARN,
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
    AWS_CONTAINER_CREDENTIALS_FULL_URI,
    AWS_REGION,
  } = process.env;
  if (!AWS_REGION) return false;
  if (AWS_ROLE_ARN && file) return readFileSync(onThisMachine(file), "utf8") !== "";
  return Boolean(
    AWS_CONTAINER_CREDENTIALS_FULL_URI ?? (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY),
  );
}

/** Paths inside the container, where its volumes are on this machine. */
function onThisMachine(path: string): string {
  const mounted = Object.entries(volumes).find(
    ([inside]) => path === inside || path.startsWith(`${inside}/`),
  );
  return mounted ? mounted[1] + path.slice(mounted[0].length) : path;
}

function buildah(...args: readonly string[]): void {
  execFileSync("buildah", [...storage, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, BUILDAH_ISOLATION: "chroot" },
  });
}
