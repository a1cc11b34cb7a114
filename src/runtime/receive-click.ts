import { parseFunctionUrlEvent } from "../adapters/slack/function-url-event.ts";
import { parseInteraction } from "../adapters/slack/parse-interaction.ts";
import { signatureChecker } from "../adapters/slack/signature-checker.ts";
import { onSlackAction } from "../promotion/events/on-slack-action.ts";
import { messengerOf, slackSecretOf } from "./messenger.ts";
import { portsOf } from "./ports-of.ts";
import { approvalsOf, promotionsOf, trailOf, waitsOf } from "./state.ts";
import { workflowOf } from "./workflow.ts";
import type { World } from "./world.ts";

interface HttpAnswer {
  readonly statusCode: number;
  readonly body: string;
  /** For the log only. */
  readonly outcome: string;
}

/**
 * Nothing of a post counts before its signature was checked over its exact bytes; a forged, stale
 * or replayed one gets 401 and changes nothing.
 */
export function receiveClick(world: World): (event: unknown) => Promise<HttpAnswer> {
  const ports = portsOf<Parameters<typeof onSlackAction.run>[1]>(
    {
      promotions: promotionsOf,
      approvals: approvalsOf,
      waits: waitsOf,
      workflow: workflowOf,
      messenger: messengerOf,
      trail: trailOf,
    },
    world,
  );
  const checked = signatureChecker({
    secret: (refused) => slackSecretOf(world)("signingSecret", refused),
    clock: world.clock,
  });
  return async (event) => {
    const request = parseFunctionUrlEvent(event);
    if (request.kind === "refusal") return { statusCode: 400, body: "", outcome: request.reason };
    const check = await checked(request);
    if (check.kind === "forged") return { statusCode: 401, body: "", outcome: check.reason };
    const click = parseInteraction(request.body);
    if (click.kind === "refusal") return { statusCode: 400, body: "", outcome: click.reason };
    const { responseUrl: answerAddress, channel, ts: id, appId: app, teamId: workspace } = click;
    const { outcome } = await onSlackAction.run(
      { ...click, answerAddress, message: { channel, id, app, workspace } },
      ports,
    );
    return { statusCode: 200, body: "", outcome };
  };
}
