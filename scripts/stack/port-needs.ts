import type { Approvals } from "../../src/ports/approvals.ts";
import type { Clusters } from "../../src/ports/cluster.ts";
import type { Environments } from "../../src/ports/environments.ts";
import type { EventBus } from "../../src/ports/event-bus.ts";
import type { IgnoredPushes } from "../../src/ports/ignored-pushes.ts";
import type { ImageRegistry } from "../../src/ports/image-registry.ts";
import type { Messenger } from "../../src/ports/messenger.ts";
import type { OpenWork } from "../../src/ports/open-work.ts";
import type { Promotions } from "../../src/ports/promotions.ts";
import type { Releases } from "../../src/ports/releases.ts";
import type { Trail } from "../../src/ports/trail.ts";
import type { Waits } from "../../src/ports/waits.ts";
import type { Workflow } from "../../src/ports/workflow.ts";

export type TableAction = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query";
/** First word of a partition key. */
export type Partition =
  | "RELEASE"
  | "ENV"
  | "PROMO"
  | "BLOB"
  | "TRAIL"
  | "APPROVAL"
  | "WAIT"
  | "OPEN"
  | "IGNORED";

/** What one method of a port calls in AWS. */
export interface Need {
  readonly table?: Readonly<Partial<Record<Partition, readonly TableAction[]>>>;
  /**
   * IAM actions that reading and tagging images takes; those of ECR on the repositories of
   * promoter.yml.
   */
  readonly registry?: readonly string[];
  /** What the rules of promoter.yml that are on read of images and scans. */
  readonly rules?: true;
  readonly clusters?: readonly ["eks:DescribeCluster"];
  readonly workflow?: readonly (
    | "states:StartExecution"
    | "states:DescribeExecution"
    | "states:SendTaskSuccess"
  )[];
  readonly secret?: readonly ["secretsmanager:GetSecretValue"];
  readonly bus?: readonly ["events:PutEvents"];
}

type Methods<Name extends string, Port> = `${Name}.${keyof Port & string}`;

/** `<port>.<method>`; `registry.facts` is everything that the rules read of images and scans. */
export type PortMethod =
  | Methods<"releases", Releases>
  | Methods<"environments", Environments>
  | Methods<"promotions", Promotions>
  | Methods<"approvals", Approvals>
  | Methods<"waits", Waits>
  | Methods<"openWork", OpenWork>
  | Methods<"ignoredPushes", IgnoredPushes>
  | Methods<"trail", Trail>
  | Methods<"messenger", Messenger>
  | Methods<"bus", EventBus>
  | Methods<"clusters", Clusters>
  | Methods<"workflow", Workflow>
  | Methods<"registry", Pick<ImageRegistry, "readImage" | "resolveTags" | "mutability" | "putTag">>
  | "registry.facts";

/** A plan, a snapshot or a manifest that is too big for its item lies in chunks beside it. */
const storeDocument: Need = { table: { PROMO: ["PutItem"], BLOB: ["PutItem"] } };
const readDocument: Need = { table: { PROMO: ["GetItem"], BLOB: ["Query"] } };
const changePromotion: Need = { table: { PROMO: ["UpdateItem"] } };
const changeRelease: Need = { table: { RELEASE: ["UpdateItem"] } };
const readEnvironment: Need = { table: { ENV: ["GetItem"] } };
const writeEnvironment: Need = { table: { ENV: ["PutItem"] } };
const tellPeople: Need = { secret: ["secretsmanager:GetSecretValue"] };
/** A tag on an archived image takes a look of its own. */
const lookAtTags = ["ecr:BatchGetImage", "ecr:DescribeImages"] as const;

/**
 * Every method of every port, so that a new one does not compile before somebody says what it
 * calls.
 */
export const portNeeds: Readonly<Record<PortMethod, Need>> = {
  "releases.read": { table: { RELEASE: ["GetItem"] } },
  "releases.collect": changeRelease,
  "releases.finalise": changeRelease,
  "releases.nextAttempt": changeRelease,
  "environments.readLock": readEnvironment,
  "environments.writeLock": writeEnvironment,
  "environments.readCurrent": readEnvironment,
  "environments.writeCurrent": writeEnvironment,
  "environments.readPromoted": readEnvironment,
  "environments.readHold": readEnvironment,
  "environments.writeHold": writeEnvironment,
  "environments.clearHold": { table: { ENV: ["DeleteItem"] } },
  "environments.readHolds": { table: { ENV: ["Query"] } },
  "promotions.read": { table: { PROMO: ["GetItem"] } },
  "promotions.open": { table: { PROMO: ["PutItem"] } },
  "promotions.update": changePromotion,
  "promotions.markCancelled": changePromotion,
  "promotions.close": changePromotion,
  "promotions.markAnnounced": changePromotion,
  "promotions.storePlan": storeDocument,
  "promotions.readPlan": readDocument,
  "promotions.storeSnapshot": storeDocument,
  "promotions.readSnapshot": readDocument,
  "promotions.storeApplied": storeDocument,
  "promotions.readApplied": readDocument,
  "promotions.keepManifest": storeDocument,
  "promotions.readManifest": readDocument,
  "promotions.record": writeEnvironment,
  "promotions.history": { table: { ENV: ["Query"] } },
  "approvals.read": { table: { APPROVAL: ["GetItem"] } },
  "approvals.write": { table: { APPROVAL: ["PutItem"] } },
  "waits.store": { table: { WAIT: ["PutItem"] } },
  "waits.read": { table: { WAIT: ["GetItem"] } },
  "waits.remove": { table: { WAIT: ["DeleteItem"] } },
  "openWork.add": { table: { OPEN: ["PutItem"] } },
  "openWork.remove": { table: { OPEN: ["DeleteItem"] } },
  "openWork.setAside": { table: { OPEN: ["PutItem", "UpdateItem"] } },
  "ignoredPushes.note": { table: { IGNORED: ["GetItem", "PutItem"] } },
  "ignoredPushes.list": { table: { IGNORED: ["GetItem"] } },
  "openWork.list": { table: { OPEN: ["Query"] } },
  "openWork.listAll": { table: { OPEN: ["Query"] } },
  "trail.append": { table: { TRAIL: ["Query", "PutItem"] } },
  "trail.read": { table: { TRAIL: ["Query"] } },
  "registry.facts": { rules: true },
  "registry.readImage": { registry: lookAtTags },
  "registry.resolveTags": { registry: lookAtTags },
  "registry.mutability": { registry: ["ecr:DescribeRepositories"] },
  "registry.putTag": { registry: ["ecr:PutImage", ...lookAtTags] },
  "clusters.connect": { clusters: ["eks:DescribeCluster"] },
  "workflow.start": { workflow: ["states:StartExecution"] },
  "workflow.status": { workflow: ["states:DescribeExecution"] },
  "workflow.wake": { workflow: ["states:SendTaskSuccess"] },
  "messenger.find": tellPeople,
  "messenger.ask": tellPeople,
  "messenger.close": tellPeople,
  "messenger.reply": tellPeople,
  "messenger.answerClick": tellPeople,
  "bus.publish": { bus: ["events:PutEvents"] },
};
