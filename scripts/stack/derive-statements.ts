import type { Configuration } from "../../src/domain/configuration.ts";
import type { MergedNeeds } from "./merge-needs.ts";
import {
  alarmArns,
  clusterArns,
  executionsArn,
  logicalIds,
  observerArns,
  regional,
  repositoryArns,
  stateMachineArn,
} from "./names.ts";
import { functionName, type Service } from "./service.ts";

export interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** A statement over many resources, which may have to be cut into several policies. */
export interface WideStatement extends Statement {
  readonly Resource: readonly string[];
}

export interface Statements {
  /** The same size whatever promoter.yml says. */
  readonly fixed: readonly Statement[];
  readonly wide: readonly WideStatement[];
}

/** Exactly what the function calls, on exactly the resources of this stack and of promoter.yml. */
export function deriveStatements(
  key: string,
  needs: MergedNeeds,
  { service, configuration }: { readonly service: Service; readonly configuration: Configuration },
): Statements {
  const fixed = [
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      regional("logs", `log-group:/aws/lambda/${functionName(service, key)}:*`),
    ),
    ...tableStatements(needs),
    ...allowSome(
      needs.workflow.filter((action) => action === "states:DescribeExecution"),
      executionsArn(service),
    ),
    // A token is checked against the machine that it was made by, although the service
    // authorization reference lists no resource for SendTaskSuccess (aws/aws-cdk pull request 8486;
    // NOAA-OWP/hydrovis issue 837).
    ...allowSome(
      needs.workflow.filter((action) => action !== "states:DescribeExecution"),
      stateMachineArn(service),
    ),
    // Inspector lists the findings of a whole account (service authorization reference,
    // "Amazon Inspector2": no resources).
    ...allowSome(
      needs.registry.filter((action) => !isOfRegistry(action)),
      "*",
    ),
    ...allowSome(needs.secret, { Ref: logicalIds.slackSecret }),
    ...allowSome(needs.bus, regional("events", "event-bus/default")),
    ...(service.functions[key]?.destinations
      ? [allow(["sqs:SendMessage"], { "Fn::GetAtt": [logicalIds.deadLetters, "Arn"] })]
      : []),
  ];
  const wide = [
    ...over(needs.registry.filter(isOfRegistry), repositoryArns(configuration)),
    ...over(needs.clusters, clusterArns(configuration)),
    ...over(needs.alarms, alarmArns(configuration)),
    ...over(needs.observers, observerArns(configuration)),
  ];
  return { fixed, wide };
}

/** One statement for all partitions with the same actions. */
function tableStatements({ table }: MergedNeeds): readonly Statement[] {
  const byActions = Map.groupBy(table, ([, actions]) => actions.join(" "));
  return [...byActions].map(([actions, partitions]) => ({
    ...allow(
      actions.split(" ").map((action) => `dynamodb:${action}`),
      { "Fn::GetAtt": [logicalIds.table, "Arn"] },
    ),
    Condition: {
      "ForAllValues:StringLike": {
        "dynamodb:LeadingKeys": partitions.map(([partition]) => `${partition}#*`),
      },
    },
  }));
}

function isOfRegistry(action: string): boolean {
  return action.startsWith("ecr:");
}

function over(actions: readonly string[], resources: readonly string[]): readonly WideStatement[] {
  return actions.length > 0 && resources.length > 0
    ? [{ Effect: "Allow", Action: actions, Resource: resources }]
    : [];
}

function allowSome(actions: readonly string[], resource: unknown): readonly Statement[] {
  return actions.length > 0 ? [allow(actions, resource)] : [];
}

function allow(actions: readonly string[], resource: unknown): Statement {
  return { Effect: "Allow", Action: actions, Resource: resource };
}
