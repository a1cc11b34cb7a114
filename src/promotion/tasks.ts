import type { Need } from "../ports/ports.ts";
import { onExecutionEnded } from "./events/on-execution-ended.ts";
import { onFactsChanged } from "./events/on-facts-changed.ts";
import { onImagePush } from "./events/on-image-push.ts";
import { onSlackAction } from "./events/on-slack-action.ts";
import { reconcile } from "./events/reconcile.ts";
import { abortPromotion } from "./operations/abort-promotion.ts";
import { cancelPromotion } from "./operations/cancel-promotion.ts";
import { restoreEnvironment } from "./operations/restore-environment.ts";
import { resumeEnvironment } from "./operations/resume-environment.ts";
import { retryPromotion } from "./operations/retry-promotion.ts";
import { showHistory } from "./operations/show-history.ts";
import { showPromotion } from "./operations/show-promotion.ts";
import { showStatus } from "./operations/show-status.ts";
import { announce } from "./steps/announce.ts";
import { awaitFacts } from "./steps/await-facts.ts";
import { awaitTurn } from "./steps/await-turn.ts";
import { awaitVote } from "./steps/await-vote.ts";
import { beginWriting } from "./steps/begin-writing.ts";
import { checkProductionTags } from "./steps/check-production-tags.ts";
import { checkRollback } from "./steps/check-rollback.ts";
import { checkRollout } from "./steps/check-rollout.ts";
import { closePromotion } from "./steps/close-promotion.ts";
import { decideApproval } from "./steps/decide-approval.ts";
import { deployPodSpec } from "./steps/deploy-pod-spec.ts";
import { enterEnvironment } from "./steps/enter-environment.ts";
import { moveMovingTags } from "./steps/move-moving-tags.ts";
import { observeRelease } from "./steps/observe-release.ts";
import { preparePodSpec } from "./steps/prepare-pod-spec.ts";
import { requestApproval } from "./steps/request-approval.ts";
import { resolveRelease } from "./steps/resolve-release.ts";
import { retagImages } from "./steps/retag-images.ts";
import { rollBack } from "./steps/roll-back.ts";
import { verifyImages } from "./steps/verify-images.ts";

/** What packaging needs of a task to derive its role. */
export interface DeclaredTask {
  readonly name: string;
  readonly needs: readonly Need[];
}

/** Everything that runs as a function, by the key of its function in serverless.yml. */
export const tasks: Readonly<Record<string, DeclaredTask>> = {
  announce,
  awaitFacts,
  awaitTurn,
  awaitVote,
  beginWriting,
  checkProductionTags,
  checkRollback,
  checkRollout,
  closePromotion,
  decideApproval,
  deployPodSpec,
  enterEnvironment,
  moveMovingTags,
  observeRelease,
  preparePodSpec,
  requestApproval,
  resolveRelease,
  retagImages,
  rollBack,
  verifyImages,
  onExecutionEnded,
  onFactsChanged,
  onImagePush,
  onSlackAction,
  reconcile,
  abortPromotion,
  cancelPromotion,
  restoreEnvironment,
  resumeEnvironment,
  retryPromotion,
  showHistory,
  showPromotion,
  showStatus,
};
