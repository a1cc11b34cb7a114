import type { Ports } from "../../src/ports/ports.ts";
import { onExecutionEnded } from "../../src/promotion/events/on-execution-ended.ts";
import { onFactsChanged } from "../../src/promotion/events/on-facts-changed.ts";
import { onImagePush } from "../../src/promotion/events/on-image-push.ts";
import { onSlackAction } from "../../src/promotion/events/on-slack-action.ts";
import { reconcile } from "../../src/promotion/events/reconcile.ts";
import type { FunctionRun } from "../../src/promotion/lock/writing-step.ts";
import { abortPromotion } from "../../src/promotion/operations/abort-promotion.ts";
import { cancelPromotion } from "../../src/promotion/operations/cancel-promotion.ts";
import { restoreEnvironment } from "../../src/promotion/operations/restore-environment.ts";
import { resumeEnvironment } from "../../src/promotion/operations/resume-environment.ts";
import { retryPromotion } from "../../src/promotion/operations/retry-promotion.ts";
import type { StepResult } from "../../src/promotion/step/step-result.ts";
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
import { observeRelease } from "../../src/promotion/steps/observe-release.ts";
import { preparePodSpec } from "../../src/promotion/steps/prepare-pod-spec.ts";
import { requestApproval } from "../../src/promotion/steps/request-approval.ts";
import { resolveRelease } from "../../src/promotion/steps/resolve-release.ts";
import { retagImages } from "../../src/promotion/steps/retag-images.ts";
import { rollBack } from "../../src/promotion/steps/roll-back.ts";
import { verifyImages } from "../../src/promotion/steps/verify-images.ts";

/** What a function is called with, and what stands around it. */
export interface Called {
  readonly input: object;
  readonly ports: Ports;
  readonly running: FunctionRun;
}

export interface ModelFunction {
  /** Seconds, as in serverless.yml. */
  readonly timeout: number;
  readonly work: (called: Called) => Promise<unknown>;
}

// The inputs of thirty functions, each of a form of its own, which their schemas check in the product.
interface AnyTask {
  run(input: never, ports: Ports): Promise<unknown>;
}

/** The functions of the product, by name; as `functions/` puts them together. */
export const functions: Readonly<Record<string, ModelFunction>> = {
  ResolveRelease: step(resolveRelease, 30),
  VerifyImages: step(verifyImages, 60),
  AwaitFacts: other(awaitFacts, 30),
  CheckProductionTags: step(checkProductionTags, 30),
  PreparePodSpec: step(preparePodSpec, 60),
  EnterEnvironment: step(enterEnvironment, 30),
  AwaitTurn: other(awaitTurn, 30),
  RequestApproval: step(requestApproval, 30),
  AwaitVote: other(awaitVote, 30),
  DecideApproval: step(decideApproval, 30),
  BeginWriting: step(beginWriting, 30),
  RetagImages: step(retagImages, 120),
  DeployPodSpec: step(deployPodSpec, 120),
  CheckRollout: step(checkRollout, 60),
  ObserveRelease: step(observeRelease, 60),
  MoveMovingTags: step(moveMovingTags, 120),
  RollBack: step(rollBack, 120),
  CheckRollback: step(checkRollback, 60),
  ClosePromotion: step(closePromotion, 60),
  Announce: step(announce, 30),
  OnImagePush: other(onImagePush, 30),
  OnFactsChanged: other(onFactsChanged, 30),
  OnExecutionEnded: other(onExecutionEnded, 60),
  OnSlackAction: other(onSlackAction, 10),
  Reconcile: other(reconcile, 240),
  AbortPromotion: other(abortPromotion, 30),
  CancelPromotion: other(cancelPromotion, 30),
  ResumeEnvironment: other(resumeEnvironment, 30),
  RestoreEnvironment: other(restoreEnvironment, 120),
  RetryPromotion: other(retryPromotion, 30),
};

function other(task: AnyTask, timeout: number): ModelFunction {
  return {
    timeout,
    work: ({ input, ports, running }) => task.run({ ...input, ...running } as never, ports),
  };
}

/** Only the outcome goes into the state data. */
function step(task: AnyTask, timeout: number): ModelFunction {
  return {
    timeout,
    async work(called) {
      const { outcome, seconds } = (await other(task, timeout).work(called)) as StepResult;
      return seconds === undefined ? { outcome } : { outcome, seconds };
    },
  };
}
