import type { LocalCloud } from "@promoter/local-cloud";
import type { EnvironmentKey } from "../../src/domain/promotion.ts";
import { parseWorkflowRequest } from "../../src/domain/workflow-request.ts";

/** A promotion that the pushes of `npm start` are to bring about. */
export interface ExpectedPromotion extends EnvironmentKey {
  readonly version: string;
}

export function promotionLabel({ application, version, environment }: ExpectedPromotion): string {
  return `${application} ${version} -> ${environment}`;
}

/**
 * What a push started; undefined for a plan, a retry and whatever a person started: none of those
 * is expected.
 */
export function startedByPush(
  { stepFunctions: { executions } }: Pick<LocalCloud, "stepFunctions">,
  arn: string,
): ExpectedPromotion | undefined {
  const input = executions.history(arn)[0]?.details.executionStartedEventDetails?.input;
  const parsed = parseWorkflowRequest(input === undefined ? undefined : JSON.parse(input));
  if (!("request" in parsed)) return undefined;
  const { application, version, environment, set, requester, mode } = parsed.request;
  return set !== undefined && requester === undefined && mode === "promote"
    ? { application, version, environment }
    : undefined;
}
