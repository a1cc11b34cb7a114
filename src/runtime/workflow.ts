import { SFNClient } from "@aws-sdk/client-sfn";
import { stepFunctionsWorkflow } from "../adapters/step-functions/workflow.ts";
import type { Workflow } from "../ports/workflow.ts";
import { awsClient, required } from "./aws-client.ts";
import type { World } from "./world.ts";

export const workflowOf = (world: World): Workflow =>
  stepFunctionsWorkflow({
    client: awsClient(world, { service: "SFN" }, (settings) => new SFNClient(settings)),
    stateMachineArn: required(world.env, "PROMOTER_STATE_MACHINE_ARN"),
  });
