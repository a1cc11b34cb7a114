import { beginRollBack } from "../domain/lock.ts";
import { PromoterError } from "../domain/errors.ts";
import { inApplyOrder, inRemovalOrder } from "../domain/pod-spec/apply-order.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster, Clusters } from "../ports/cluster.ts";
import type { Configurations } from "../ports/configurations.ts";
import type { Environments } from "../ports/environments.ts";
import type { Promotions, Snapshot } from "../ports/promotions.ts";
import { applyObjects } from "./apply-objects.ts";
import { changeLock } from "./change-lock.ts";
import { whileWriting, type CheckTime } from "./claim-writing.ts";
import { environmentOf } from "./environment-of.ts";
import { resolvedPromotion, type ResolvedPromotion } from "./open-promotion.ts";
import { conclude, secondsUntil, type StepResult } from "./step-result.ts";
import { assertNotRedriven, type WritingStepInput } from "./writing-step.ts";

export interface RollBackPorts {
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly environments: Environments;
  readonly clusters: Clusters;
  readonly clock: Clock;
}

/** Puts back what ran before. Waits until no function of the promotion can be writing any more. */
export async function rollBack(input: WritingStepInput, ports: RollBackPorts): Promise<StepResult<"restored" | "wait" | "close">> {
  assertNotRedriven(input);
  const promotion = await resolvedPromotion(ports.promotions, input.promotion);
  await takeBack(promotion, ports);
  const { owner } = await ports.environments.readLock(promotion);
  const now = ports.clock.now();
  if (owner?.writingUntil !== undefined && owner.writingUntil > now) {
    return { outcome: "wait", seconds: secondsUntil(owner.writingUntil, now), reasons: ["a function that was given up may still be writing"] };
  }
  const snapshot = await ports.promotions.readSnapshot(promotion.id);
  if (!snapshot) return conclude(ports.promotions, promotion, { ending: "Failed", reasons: ["the cluster was not touched; see the trail for what failed"] });
  await hold(promotion, ports);
  await ports.promotions.update(promotion.id, { progress: "rolling-back" });
  const reasons = await whileWriting({ promotion, phase: "rolling-back", deadline: input.deadline }, ports, (checkTime) => restore({ promotion, snapshot, checkTime }, ports));
  return { outcome: "restored", reasons };
}

async function takeBack(promotion: ResolvedPromotion, { environments }: RollBackPorts): Promise<void> {
  const begun = await changeLock(environments, promotion, (lock) => beginRollBack(lock, promotion.id));
  if (begun.kind === "not-owner") throw new PromoterError("NotOwner", `promotion ${promotion.id} does not own ${promotion.application}/${promotion.environment} while writing; nothing was rolled back`);
}

async function hold({ id, set, version, ...key }: ResolvedPromotion, { environments, clock }: RollBackPorts): Promise<void> {
  await environments.writeHold(key, { set, version, by: id, since: clock.now(), reason: "its rollout was rolled back" });
}

interface Restoring {
  readonly promotion: ResolvedPromotion;
  readonly snapshot: Snapshot;
  readonly checkTime: CheckTime;
}

async function restore({ promotion, snapshot, checkTime }: Restoring, ports: RollBackPorts): Promise<readonly string[]> {
  const { cluster: name, force } = environmentOf(await ports.configurations.read(), promotion).environment.podSpec;
  const cluster = await ports.clusters.connect(name);
  const existed = snapshot.objects.flatMap((one) => (one.kind === "existed" ? [one.object] : []));
  const removed = await removeNew({ snapshot, cluster, checkTime });
  const applied = await applyObjects({ promotion, objects: inApplyOrder(existed), cluster, force, checkTime }, ports);
  return [...removed, ...applied];
}

/** A namespace stays: removing it would take everything with it that others put there since. */
async function removeNew({ snapshot, cluster, checkTime }: { readonly snapshot: Snapshot; readonly cluster: Cluster; readonly checkTime: CheckTime }): Promise<readonly string[]> {
  const absent = snapshot.objects.flatMap((one) => (one.kind === "absent" && one.ref.kind !== "Namespace" ? [one.ref] : []));
  const lines: string[] = [];
  for (const ref of inRemovalOrder(absent)) {
    checkTime();
    await cluster.remove(ref);
    lines.push(`${ref.kind} ${ref.name} removed: it did not exist before`);
  }
  return lines;
}
