import type { RuleDefinition, Target } from "../eventbridge/rule.ts";
import { unsupported } from "../unsupported.ts";
import type { Named } from "./named-resources.ts";

interface RuleProperties {
  readonly EventPattern?: Readonly<Record<string, unknown>>;
  readonly ScheduleExpression?: string;
  readonly Name?: string;
  readonly Targets?: readonly TargetProperties[];
}

interface TargetProperties {
  readonly Id: string;
  readonly Arn: string;
  readonly RetryPolicy?: {
    readonly MaximumRetryAttempts?: number;
    readonly MaximumEventAgeInSeconds?: number;
  };
  readonly DeadLetterConfig?: { readonly Arn: string };
}

export function readRule({ ref, arn, properties }: Named): RuleDefinition {
  const {
    Name: _,
    EventPattern,
    ScheduleExpression,
    Targets = [],
    ...more
  } = properties as RuleProperties;
  refuse("a rule", more);
  return {
    name: ref,
    arn,
    targets: Targets.map(readTarget),
    ...(EventPattern ? { eventPattern: EventPattern } : {}),
    ...(ScheduleExpression ? { scheduleExpression: ScheduleExpression } : {}),
  };
}

/** What would happen in AWS, and is not read here. */
function refuse(of: string, properties: object): void {
  const [name] = Object.keys(properties);
  if (name !== undefined) throw new Error(unsupported(`${name} of ${of}`));
}

function readTarget({ Id, Arn, RetryPolicy, DeadLetterConfig, ...more }: TargetProperties): Target {
  refuse("a target", more);
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = RetryPolicy ?? {};
  return {
    id: Id,
    arn: Arn,
    ...(DeadLetterConfig ? { deadLetterArn: DeadLetterConfig.Arn } : {}),
    ...(RetryPolicy
      ? {
          retryPolicy: {
            ...(MaximumRetryAttempts === undefined
              ? {}
              : { maximumRetryAttempts: MaximumRetryAttempts }),
            ...(MaximumEventAgeInSeconds === undefined
              ? {}
              : { maximumEventAgeInSeconds: MaximumEventAgeInSeconds }),
          },
        }
      : {}),
  };
}
