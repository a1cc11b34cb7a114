import { printObjects } from "../../src/config/objects/print-objects.ts";
import type { ClusterAddress } from "../../src/domain/configuration.ts";
import { lookUp } from "../../src/domain/look-up.ts";
import { accessEntries, mapRoles } from "../access/entry-scripts.ts";
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
  readonly form?: "entries" | "map-roles";
}

/** Prints what the functions need in a cluster, ready for kubectl or sh. */
export async function clusterAccess(
  { cluster, stage, json = false, form, ...place }: ClusterAccessOptions,
  { line }: Terminal,
  discover: AccessQuestion["discover"] = () => Promise.resolve(undefined),
): Promise<void> {
  const project = await loadProject(place);
  const { clusters, registry } = project.configuration;
  const address = addressOf(cluster, clusters);
  const access = await neededAccess(project, { cluster, stage, discover });
  if (json) return line(JSON.stringify(access), "as it is");
  if (form === undefined) {
    line(heading(access, address), "as it is");
    const roles = access.groups.flatMap((group) => group.roles);
    return line(printObjects(roles).trimEnd(), "as it is");
  }
  if (address.kind !== "eks") throw new CommandError(notEks(cluster, address), exitCodes.usage);
  const print = form === "entries" ? accessEntries : mapRoles;
  line(print(access, { registry, address }), "as it is");
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
