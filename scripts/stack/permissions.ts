import type { PortMethod } from "./port-needs.ts";

const inTrail = ["trail.append"] as const;
/** A step reads the record of its promotion and changes it, if only to write down how it ends. */
const step = [...inTrail, "promotions.read", "promotions.update"] as const;
const changeLock = ["environments.readLock", "environments.writeLock"] as const;
/** Steps that may change the world claim the lock first, and carry out the stored plan. */
const writing = [...step, ...changeLock, "promotions.readPlan"] as const;
const wake = ["waits.read", "waits.remove", "workflow.wake"] as const;
const awaiting = [...wake, "promotions.read", "waits.store"] as const;
const closing = [
  ...changeLock,
  ...wake,
  "promotions.read",
  "promotions.close",
  "promotions.record",
  "environments.readCurrent",
  "environments.writeCurrent",
  "environments.clearHold",
  "workflow.status",
] as const;
const announcing = [
  "promotions.read",
  "promotions.readPlan",
  "promotions.markAnnounced",
  "approvals.read",
  "messenger.find",
  "messenger.close",
  "messenger.reply",
  "bus.publish",
  "openWork.remove",
] as const;
const starting = [
  "promotions.read",
  "releases.nextAttempt",
  "workflow.start",
  "workflow.status",
] as const;
const lookAtRollout = [...step, "promotions.readApplied", "clusters.connect"] as const;

/**
 * Which methods of which ports a function uses, directly or through what it calls: its role follows
 * from that.
 */
export const permissions: Readonly<Record<string, readonly PortMethod[]>> = {
  resolveRelease: [
    ...step,
    "promotions.open",
    "promotions.history",
    "releases.read",
    "environments.readPromoted",
    "openWork.add",
    "openWork.list",
    "registry.resolveTags",
  ],
  verifyImages: [
    ...step,
    "promotions.keepManifest",
    "releases.read",
    "environments.readLock",
    "environments.readCurrent",
    "environments.readHold",
    "environments.readPromoted",
    "registry.facts",
  ],
  awaitFacts: awaiting,
  checkProductionTags: [...step, "registry.mutability"],
  preparePodSpec: [...step, "promotions.storePlan", "environments.readCurrent", "clusters.connect"],
  enterEnvironment: [...step, ...closing, "promotions.readPlan", "approvals.read", "releases.read"],
  awaitTurn: [...awaiting, "environments.readLock"],
  requestApproval: [
    ...step,
    "promotions.readPlan",
    "approvals.read",
    "approvals.write",
    "messenger.ask",
    "messenger.find",
    "messenger.close",
    "messenger.reply",
    "releases.read",
  ],
  awaitVote: [...awaiting, "approvals.read", "releases.read"],
  decideApproval: [...step, "approvals.read", "approvals.write", "releases.read"],
  beginWriting: [...step, ...changeLock, "releases.read", "releases.finalise", "approvals.read"],
  retagImages: [...writing, "registry.readImage", "registry.putTag"],
  deployPodSpec: [
    ...writing,
    "promotions.readSnapshot",
    "promotions.storeSnapshot",
    "promotions.storeApplied",
    "clusters.connect",
  ],
  checkRollout: lookAtRollout,
  moveMovingTags: [...writing, "promotions.readManifest", "registry.putTag"],
  rollBack: [
    ...step,
    ...changeLock,
    "promotions.readSnapshot",
    "promotions.storeApplied",
    "environments.writeHold",
    "clusters.connect",
  ],
  checkRollback: [...lookAtRollout, "promotions.readSnapshot"],
  closePromotion: [...inTrail, ...closing],
  announce: [...inTrail, ...announcing],

  onImagePush: [
    ...starting,
    ...wake,
    "releases.collect",
    "openWork.add",
    "openWork.list",
    "ignoredPushes.note",
  ],
  onFactsChanged: [...wake, "openWork.list", "promotions.read", "promotions.update"],
  onSlackAction: [
    ...wake,
    ...inTrail,
    "promotions.read",
    "approvals.read",
    "approvals.write",
    "messenger.answerClick",
  ],
  onExecutionEnded: [...closing, ...announcing, "trail.append"],
  reconcile: [
    ...closing,
    ...announcing,
    ...starting,
    "openWork.add",
    "openWork.setAside",
    "openWork.list",
    "openWork.listAll",
    "promotions.history",
    "releases.read",
    "trail.append",
  ],

  cancelPromotion: [
    ...inTrail,
    ...changeLock,
    ...wake,
    "promotions.read",
    "promotions.markCancelled",
  ],
  resumeEnvironment: [
    ...inTrail,
    ...changeLock,
    ...wake,
    "environments.readHolds",
    "environments.clearHold",
  ],
  restoreEnvironment: [
    ...inTrail,
    ...changeLock,
    ...wake,
    "promotions.read",
    "promotions.readSnapshot",
    "promotions.storeApplied",
    "promotions.readApplied",
    "environments.writeHold",
    "clusters.connect",
  ],
  retryPromotion: [...starting, "releases.read"],
  showStatus: [
    "openWork.list",
    "ignoredPushes.list",
    "environments.readLock",
    "environments.readCurrent",
    "environments.readHolds",
    "promotions.read",
    "releases.read",
    "waits.read",
    "approvals.read",
  ],
  showPromotion: [
    "promotions.read",
    "promotions.readPlan",
    "approvals.read",
    "trail.read",
    "waits.read",
    "environments.readLock",
    "releases.read",
  ],
  showHistory: ["promotions.history"],
};
