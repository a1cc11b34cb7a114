import { repositoriesOf, type Configuration } from "../../src/domain/configuration.ts";
import type { ObservePolicy } from "../../src/domain/observation.ts";
import { partitionOf } from "../../src/domain/partition.ts";
import type { Service } from "./service.ts";

/** Logical ids that serverless.yml and the derived resources share. */
export const logicalIds = {
  table: "Table",
  deadLetters: "DeadLetters",
  slackSecret: "SlackSecret",
  stateMachineRole: "PromotionRole",
  stateMachine: "Promotion",
} as const;

/**
 * ARNs of the state machine by its fixed name: a Ref would be circular, because the machine depends
 * on the functions and these on their roles and environment.
 */
export function stateMachineArn(service: Pick<Service, "name" | "stage">): unknown {
  return regional(`states`, `stateMachine:${stateMachineName(service)}`);
}

export function executionsArn(service: Pick<Service, "name" | "stage">): unknown {
  return regional(`states`, `execution:${stateMachineName(service)}:*`);
}

/** As in serverless.yml. */
function stateMachineName({ name, stage }: Pick<Service, "name" | "stage">): string {
  return `${name}-${stage}-promotion`;
}

/** An ARN in the account and Region of the stack. */
export function regional(service: string, resource: string): unknown {
  return {
    "Fn::Sub": `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
  };
}

/** Every repository of promoter.yml, exactly as named: no ARN is ever widened by a wildcard. */
export function repositoryArns({ registry, applications }: Configuration): readonly string[] {
  const names = Object.values(applications).flatMap(repositoriesOf);
  return [...new Set(names)].map((name) => repositoryArn(registry, name));
}

export function repositoryArn(
  { account, region }: Configuration["registry"],
  name: string,
): string {
  return `arn:${partitionOf(region).name}:ecr:${region}:${account}:repository/${name}`;
}

/**
 * The EKS clusters that environments of promoter.yml deploy to; one that is reached by a kubeconfig
 * context needs no permission of AWS.
 */
export function clusterArns({
  registry,
  clusters,
  applications,
}: Configuration): readonly string[] {
  const deployed = new Set(
    Object.values(applications).flatMap(({ environments }) =>
      Object.values(environments).flatMap(({ podSpec }) => podSpec?.cluster ?? []),
    ),
  );
  const eks = Object.entries(clusters).flatMap(([name, address]) =>
    address.kind === "eks" && deployed.has(name) ? [address] : [],
  );
  return eks.map(
    ({ name, region }) =>
      `arn:${partitionOf(region).name}:eks:${region}:${registry.account}:cluster/${name}`,
  );
}

/** The alarms that promoter.yml observes, exactly as named. */
export function alarmArns(configuration: Configuration): readonly string[] {
  return [...new Set(observed(configuration).flatMap(({ alarms }) => alarms))];
}

/** The functions that promoter.yml has asked, exactly as named. */
export function observerArns(configuration: Configuration): readonly string[] {
  return [...new Set(observed(configuration).flatMap(({ function: fn }) => fn ?? []))];
}

function observed({ applications }: Configuration): readonly ObservePolicy[] {
  return Object.values(applications).flatMap(({ environments }) =>
    Object.values(environments).flatMap(({ observe }) => observe ?? []),
  );
}
