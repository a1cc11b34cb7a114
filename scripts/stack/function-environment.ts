import type { Configuration } from "../../src/domain/configuration.ts";
import type { MergedNeeds } from "./merge-needs.ts";
import { logicalIds, stateMachineArn } from "./names.ts";
import type { Service } from "./service.ts";

/** Only the variables that the function reads. */
export function functionEnvironment(
  needs: MergedNeeds,
  service: Service,
  { registry }: Configuration,
): Readonly<Record<string, unknown>> {
  return {
    ...(needs.table.size > 0 && { PROMOTER_TABLE: { Ref: logicalIds.table } }),
    ...(needs.registry.length > 0 && { PROMOTER_REGISTRY: registry.account }),
    ...(needs.workflow.length > 0 && { PROMOTER_STATE_MACHINE_ARN: stateMachineArn(service) }),
    ...(needs.secret.length > 0 && { PROMOTER_SLACK_SECRET: { Ref: logicalIds.slackSecret } }),
  };
}
