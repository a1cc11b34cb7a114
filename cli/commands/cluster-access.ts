import type { AccessReviews } from "../../src/adapters/kubernetes/access-reviews.ts";
import { printObjects } from "../../src/config/objects/print-objects.ts";
import { describeRight } from "../../src/domain/access/right.ts";
import type { ClusterAddress, Configuration } from "../../src/domain/configuration.ts";
import { lookUp } from "../../src/domain/look-up.ts";
import { accessEntries, mapRoles } from "../access/entry-scripts.ts";
import { missingRights, type MissingRight } from "../access/missing-rights.ts";
import { neededAccess, type AccessQuestion, type NeededAccess } from "../access/needed-access.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { loadProject, type ProjectPlace } from "../load-project.ts";
import type { Terminal } from "../terminal.ts";

export interface ClusterAccessOptions extends ProjectPlace {
  /** Its name in promoter.yml. */
  readonly cluster: string;
  readonly stage: string;
  readonly json?: boolean;
  /** What is printed; default: the roles. */
  readonly form?: "entries" | "map-roles" | "check";
}

/** Connects to a cluster of the configuration; only where something has to be asked there. */
export type ReviewsConnector = (
  cluster: string,
  configuration: Configuration,
) => Promise<AccessReviews>;

/**
 * Prints what the functions need in a cluster, ready for kubectl or sh; or what of it they do not
 * have there. Gives the exit code.
 */
export async function clusterAccess(
  { cluster, stage, json = false, form, ...place }: ClusterAccessOptions,
  terminal: Terminal,
  connect: ReviewsConnector,
): Promise<number> {
  const project = await loadProject(place);
  const { configuration } = project;
  const address = addressOf(cluster, configuration.clusters);
  if (form === "check") {
    const reviews = await connect(cluster, configuration);
    const access = await neededAccess(project, { cluster, stage, discover: reviews.find });
    return reportMissing(access, await missingRights(access, reviews), { json, terminal });
  }
  const discover = discoverWith(async () => connect(cluster, configuration));
  const access = await neededAccess(project, { cluster, stage, discover });
  print(access, { json, form, address, configuration }, terminal);
  return exitCodes.done;
}

/** Connects at the first question; a cluster that cannot be asked knows nothing. */
function discoverWith(connect: () => Promise<AccessReviews>): AccessQuestion["discover"] {
  let reviews: Promise<AccessReviews> | undefined;
  return async (kind) => {
    reviews ??= connect();
    return reviews.then(async ({ find }) => find(kind)).catch(() => undefined);
  };
}

interface Printing {
  readonly json: boolean;
  readonly form: "entries" | "map-roles" | undefined;
  readonly address: ClusterAddress;
  readonly configuration: Configuration;
}

function print(
  access: NeededAccess,
  { json, form, address, configuration: { registry } }: Printing,
  { line }: Terminal,
): void {
  if (json) return line(JSON.stringify(access), "as it is");
  if (form === undefined) {
    line(heading(access, address), "as it is");
    const roles = access.groups.flatMap((group) => group.roles);
    return line(printObjects(roles).slice(0, -1), "as it is");
  }
  if (address.kind !== "eks") {
    throw new CommandError(notEks(access.cluster, address), exitCodes.usage);
  }
  const scriptOf = form === "entries" ? accessEntries : mapRoles;
  line(scriptOf(access, { registry, address }), "as it is");
}

function reportMissing(
  { cluster, groups, notes }: NeededAccess,
  missing: readonly MissingRight[],
  { json, terminal: { line } }: { readonly json: boolean; readonly terminal: Terminal },
): number {
  const exitCode = missing.length === 0 ? exitCodes.done : exitCodes.failed;
  if (json) {
    line(JSON.stringify({ cluster, missing, notes }), "as it is");
    return exitCode;
  }
  const count = groups.reduce((sum, { rights }) => sum + rights.length, 0);
  for (const { users, right } of missing) line(`${users} may not ${describeRight(right)}`);
  for (const note of notes) line(`Note: ${note}.`);
  line(
    missing.length === 0
      ? `Cluster ${cluster} gives all ${count} rights that the functions need.`
      : `${missing.length} of ${count} rights are missing in cluster ${cluster}: ` +
          `apply what \`cluster-access ${cluster}\` prints`,
  );
  return exitCode;
}

function addressOf(
  name: string,
  clusters: Readonly<Record<string, ClusterAddress>>,
): ClusterAddress {
  const address = lookUp(clusters, name);
  if (address) return address;
  const known = Object.keys(clusters).join(", ") || "none";
  throw new CommandError(
    `there is no cluster named "${name}"; promoter.yml has ${known}`,
    exitCodes.usage,
  );
}

function notEks(
  cluster: string,
  { context }: ClusterAddress & { readonly kind: "context" },
): string {
  return (
    `cluster ${cluster} is reached by the context ${context} of the kubeconfig, without roles of AWS: ` +
    "give the groups to the user of that context"
  );
}

/** As comments, so that the whole output is YAML for kubectl. */
function heading(
  { cluster, functions, groups, notes }: NeededAccess,
  address: ClusterAddress,
): string {
  const command = `cluster-access ${cluster}`;
  const namespaces = new Set(
    groups.flatMap(({ roles }) => roles.flatMap(({ metadata }) => metadata.namespace ?? [])),
  );
  return [
    `What the functions need in cluster ${cluster} for the objects of promoter.yml. Apply with`,
    `  npm run -s promoter -- ${command} | kubectl apply -f -`,
    ...(namespaces.size > 0 ? [`once these namespaces exist: ${[...namespaces].join(", ")}`] : []),
    ...(address.kind === "eks"
      ? [
          "Access entries for the roles of the functions:",
          `  npm run -s promoter -- ${command} --entries --stage <stage> | sh`,
          "or, printed for the ConfigMap aws-auth: --map-roles instead of --entries.",
        ]
      : []),
    ...functions.map(({ name, groups: of }) => `  ${name}: ${of.join(", ")}`),
    ...notes.map((note) => `Note: ${note}.`),
  ]
    .map((text) => `# ${text}`)
    .join("\n");
}
