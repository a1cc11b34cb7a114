import { onExecutionEnded } from "../../src/promotion/events/on-execution-ended.ts";
import { onFactsChanged } from "../../src/promotion/events/on-facts-changed.ts";
import { onImagePush } from "../../src/promotion/events/on-image-push.ts";
import { onSlackAction } from "../../src/promotion/events/on-slack-action.ts";
import { reconcile } from "../../src/promotion/events/reconcile.ts";
import type { Running } from "../../src/promotion/lock/writing-step.ts";
import { cancelPromotion } from "../../src/promotion/operations/cancel-promotion.ts";
import { restoreEnvironment } from "../../src/promotion/operations/restore-environment.ts";
import { resumeEnvironment } from "../../src/promotion/operations/resume-environment.ts";
import { retryPromotion } from "../../src/promotion/operations/retry-promotion.ts";
import type { StepResult } from "../../src/promotion/record/step-result.ts";
import { announce } from "../../src/promotion/steps/announce.ts";
import { awaitFacts } from "../../src/promotion/steps/await-facts.ts";
import { awaitTurn } from "../../src/promotion/steps/await-turn.ts";
import { awaitVote } from "../../src/promotion/steps/await-vote.ts";
import { beginWriting } from "../../src/promotion/steps/begin-writing.ts";
import { checkProductionTags } from "../../src/promotion/steps/check-production-tags.ts";
import { checkRollback } from "../../src/promotion/steps/check-rollback.ts";
import { checkRollout } from "../../src/promotion/steps/check-rollout.ts";
import { closePromotion } from "../../src/promotion/steps/close-promotion.ts";
import { decideApproval } from "../../src/promotion/steps/decide-approval.ts";
import { deployPodSpec } from "../../src/promotion/steps/deploy-pod-spec.ts";
import { enterEnvironment } from "../../src/promotion/steps/enter-environment.ts";
import { moveMovingTags } from "../../src/promotion/steps/move-moving-tags.ts";
import { preparePodSpec } from "../../src/promotion/steps/prepare-pod-spec.ts";
import { requestApproval } from "../../src/promotion/steps/request-approval.ts";
import { resolveRelease } from "../../src/promotion/steps/resolve-release.ts";
import { retagImages } from "../../src/promotion/steps/retag-images.ts";
import { rollBack } from "../../src/promotion/steps/roll-back.ts";
import { verifyImages } from "../../src/promotion/steps/verify-images.ts";
import { recorded } from "../../src/runtime/step.ts";
import type { Ports } from "./ports.ts";

/** What a function is called with, and what stands around it. */
export interface Called {
  // The inputs of thirty functions, each of a form of its own, which their schemas check in the product.
  readonly input: never;
  readonly name: string;
  readonly ports: Ports;
  readonly running: Running;
}

export interface ModelFunction {
  /** Seconds, as in serverless.yml. */
  readonly timeout: number;
  readonly work: (called: Called) => Promise<unknown>;
}

/** The functions of the product, by name; as `functions/` puts them together. */
export const functions: Readonly<Record<string, ModelFunction>> = {
  ResolveRelease: step(30, (input, { ports }) => resolveRelease(input, ports)),
  VerifyImages: step(60, (input, { ports }) => verifyImages(input, ports)),
  AwaitFacts: plain(30, ({ input, ports }) => awaitFacts(input, ports)),
  CheckProductionTags: step(30, (input, { ports }) => checkProductionTags(input, ports)),
  PreparePodSpec: step(60, (input, { ports }) => preparePodSpec(input, ports)),
  EnterEnvironment: step(30, (input, { ports }) => enterEnvironment(input, ports)),
  AwaitTurn: plain(30, ({ input, ports }) => awaitTurn(input, ports)),
  RequestApproval: step(30, (input, { ports }) => requestApproval(input, ports)),
  AwaitVote: plain(30, ({ input, ports }) => awaitVote(input, ports)),
  DecideApproval: step(30, (input, { ports }) => decideApproval(input, ports)),
  BeginWriting: step(30, (input, { ports }) => beginWriting(input, ports)),
  RetagImages: step(120, (input, { ports, running }) =>
    retagImages({ ...(input as object), ...running } as never, ports),
  ),
  DeployPodSpec: step(120, (input, { ports, running }) =>
    deployPodSpec({ ...(input as object), ...running } as never, ports),
  ),
  CheckRollout: step(60, (input, { ports }) => checkRollout(input, ports)),
  MoveMovingTags: step(120, (input, { ports, running }) =>
    moveMovingTags({ ...(input as object), ...running } as never, ports),
  ),
  RollBack: step(120, (input, { ports, running }) =>
    rollBack({ ...(input as object), ...running } as never, ports),
  ),
  CheckRollback: step(60, (input, { ports }) => checkRollback(input, ports)),
  ClosePromotion: step(60, (input, { ports }) => closePromotion(input, ports)),
  Announce: step(30, (input, { ports }) => announce(input, ports)),
  OnImagePush: plain(30, ({ input, ports }) => onImagePush(input, ports)),
  OnFactsChanged: plain(30, ({ input, ports }) => onFactsChanged(input, ports)),
  OnExecutionEnded: plain(60, ({ input, ports }) => onExecutionEnded(input, ports)),
  OnSlackAction: plain(10, ({ input, ports }) => onSlackAction(input, ports)),
  Reconcile: plain(240, ({ ports }) => reconcile(ports)),
  CancelPromotion: plain(30, ({ input, ports }) => cancelPromotion(input, ports)),
  ResumeEnvironment: plain(30, ({ input, ports }) => resumeEnvironment(input, ports)),
  RestoreEnvironment: plain(120, ({ input, ports, running }) =>
    restoreEnvironment({ ...(input as object), ...running } as never, ports),
  ),
  RetryPromotion: plain(30, ({ input, ports }) => retryPromotion(input, ports)),
};

function plain(timeout: number, work: ModelFunction["work"]): ModelFunction {
  return { timeout, work };
}

/** A step of the workflow: what it did goes into the trail. */
function step(
  timeout: number,
  work: (input: never, called: Called) => Promise<StepResult>,
): ModelFunction {
  return {
    timeout,
    work(called) {
      const {
        name,
        input,
        ports: { trail, clock },
        running,
      } = called;
      const noted = recorded<StepCall>({ name, trail, clock }, () => work(input, called));
      return noted(input, running);
    },
  };
}

interface StepCall {
  readonly promotion: string;
  readonly visit: string;
}
