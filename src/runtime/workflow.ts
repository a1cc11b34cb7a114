import { SFNClient } from "@aws-sdk/client-sfn";
import { stepFunctionsWorkflow } from "../adapters/step-functions/workflow.ts";
import type { Workflow } from "../ports/workflow.ts";
import { clientSettings, once, required } from "./client-settings.ts";
import type { World } from "./world.ts";

export const workflowOf = (world: World): Workflow =>
  stepFunctionsWorkflow({ client: once(world, "sfn", () => new SFNClient(clientSettings(world, "SFN"))), stateMachineArn: required(world.env, "PROMOTER_STATE_MACHINE_ARN") });
