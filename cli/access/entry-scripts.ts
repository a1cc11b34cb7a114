import type { ClusterAddress, Registry } from "../../src/domain/configuration.ts";
import type { NeededAccess } from "./needed-access.ts";

interface ScriptPlace {
  /** Where the functions are. */
  readonly registry: Registry;
  readonly address: ClusterAddress & { readonly kind: "eks" };
}

type Functions = Pick<NeededAccess, "functions">;

/**
 * A script for sh that puts the role of each function into its groups. CloudFormation names the
 * roles, so the script asks Lambda for them; it can be run again.
 */
export function accessEntries(
  { functions }: Functions,
  { registry, address: { name, region } }: ScriptPlace,
): string {
  const entry = `--region ${region} --cluster-name ${name} --principal-arn "$role" --kubernetes-groups "$@"`;
  return script(functions, registry, [
    `  aws eks create-access-entry ${entry} ||`,
    `    aws eks update-access-entry ${entry}`,
  ]);
}

/**
 * A script for sh that prints the entries for `mapRoles` of the ConfigMap `aws-auth` in
 * `kube-system`.
 */
export function mapRoles({ functions }: Functions, { registry }: ScriptPlace): string {
  return script(functions, registry, [
    `  printf -- '- rolearn: %s\\n  username: promoter:{{SessionName}}\\n  groups:\\n' "$role"`,
    `  printf -- '    - %s\\n' "$@"`,
  ]);
}

function script(
  functions: NeededAccess["functions"],
  { region, account }: Registry,
  body: readonly string[],
): string {
  return [
    `# sh; the AWS CLI needs credentials for account ${account}`,
    "set -eu",
    "entry() { # function, groups",
    `  role=$(aws lambda get-function-configuration --region ${region} \\`,
    `    --function-name "$1" --query Role --output text)`,
    "  shift",
    ...body,
    "}",
    ...functions.map(({ name, groups }) => ["entry", name, ...groups].join(" ")),
  ].join("\n");
}
