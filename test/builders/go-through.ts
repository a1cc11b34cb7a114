import { randomUUID } from "node:crypto";
import { castVote, type ClickOrigin } from "../../src/domain/approval.ts";
import type { FunctionRun, WritingStepInput } from "../../src/promotion/lock/writing-step.ts";
import { beginWriting } from "../../src/promotion/steps/begin-writing.ts";
import { checkProductionTags } from "../../src/promotion/steps/check-production-tags.ts";
import { checkRollout } from "../../src/promotion/steps/check-rollout.ts";
import { closePromotion } from "../../src/promotion/steps/close-promotion.ts";
import { decideApproval } from "../../src/promotion/steps/decide-approval.ts";
import { deployPodSpec } from "../../src/promotion/steps/deploy-pod-spec.ts";
import { enterEnvironment } from "../../src/promotion/steps/enter-environment.ts";
import { moveMovingTags } from "../../src/promotion/steps/move-moving-tags.ts";
import { preparePodSpec } from "../../src/promotion/steps/prepare-pod-spec.ts";
import { requestApproval } from "../../src/promotion/steps/request-approval.ts";
import { retagImages } from "../../src/promotion/steps/retag-images.ts";
import { verifyImages } from "../../src/promotion/steps/verify-images.ts";
import type { ShopWorld } from "./a-world.ts";

/** A run of a function like no other, with two minutes of time. */
export const aRun = (world: Pick<ShopWorld, "clock">): FunctionRun => ({
  invocation: randomUUID(),
  deadline: world.clock.now() + 120_000,
});

/** The input of a writing step of an execution that was not redriven. */
export const writing = (world: ShopWorld, promotion: string): WritingStepInput => ({
  promotion,
  redrives: 0,
  ...aRun(world),
});

/**
 * The steps before and after people are asked, in the order of the workflow when nothing stands in
 * the way.
 */
export const stages = [
  "planned",
  "entered",
  "asked",
  "approved",
  "writing",
  "tagged",
  "deployed",
  "rolled-out",
  "moved",
  "closed",
] as const;
export type Stage = (typeof stages)[number];

const steps: Readonly<Record<Stage, (world: ShopWorld, promotion: string) => Promise<unknown>>> = {
  planned: plan,
  entered: (world, promotion) => enterEnvironment.run({ promotion }, world),
  asked: (world, promotion) => requestApproval.run({ promotion }, world),
  approved: async (world, promotion) => {
    await vote(world, promotion, "ANNA");
    await decideApproval.run({ promotion }, world);
  },
  writing: (world, promotion) => beginWriting.run({ promotion }, world),
  tagged: (world, promotion) => retagImages.run(writing(world, promotion), world),
  deployed: (world, promotion) => deployPodSpec.run(writing(world, promotion), world),
  "rolled-out": (world, promotion) => checkRollout.run({ promotion }, world),
  moved: (world, promotion) => moveMovingTags.run(writing(world, promotion), world),
  closed: async (world, promotion) => {
    world.workflow.end(promotion, "succeeded");
    await closePromotion.run({ promotion }, world);
  },
};

export async function plan(world: ShopWorld, promotion: string): Promise<void> {
  await verifyImages.run({ promotion }, world);
  await checkProductionTags.run({ promotion }, world);
  await preparePodSpec.run({ promotion }, world);
}

/** Opens the promotion and takes it so far. */
export async function goThrough(
  world: ShopWorld,
  { id, version, to }: { readonly id: string; readonly version: string; readonly to: Stage },
): Promise<void> {
  await world.open({ id, version });
  await goOn(world, id, { to });
}

/** From the stage after `from` on; from the first one without. */
export async function goOn(
  world: ShopWorld,
  id: string,
  { from, to }: { readonly from?: Stage; readonly to: Stage },
): Promise<void> {
  for (const stage of stages.slice(
    from === undefined ? 0 : stages.indexOf(from) + 1,
    stages.indexOf(to) + 1,
  )) {
    await steps[stage](world, id);
  }
}

/** Where somebody clicks who answers the newest message. */
export function clickedOn({ messenger }: ShopWorld): ClickOrigin {
  return {
    channel: undefined,
    id: undefined,
    app: undefined,
    workspace: undefined,
    ...messenger.messages().at(-1)?.ref,
  };
}

/** As the callback stores it. */
export async function vote(
  world: ShopWorld,
  promotion: string,
  user: string,
  choice: "approve" | "reject" = "approve",
): Promise<void> {
  const { plan: hash = "" } = await world.promotion(promotion);
  const approval = await world.approvals.read(promotion, hash);
  const answer = approval && castVote(approval, { user, choice, at: world.clock.now() }, approval);
  if (answer?.kind !== "counted") {
    throw new Error(`the vote of ${user} does not count: ${answer?.kind}`);
  }
  await world.approvals.write(answer.approval);
}
