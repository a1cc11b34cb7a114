import type { PortMethod } from "../../src/ports/ports.ts";

export type TableAction = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query";
/** The first words of partition keys. */
export const tablePartitions = [
  "RELEASE",
  "ENV",
  "PROMO",
  "BLOB",
  "TRAIL",
  "APPROVAL",
  "WAIT",
  "OPEN",
  "IGNORED",
] as const;
export type TablePartition = (typeof tablePartitions)[number];

/** What one method of a port calls in AWS. */
export interface Permissions {
  readonly table?: Readonly<Partial<Record<TablePartition, readonly TableAction[]>>>;
  /**
   * IAM actions that reading and tagging images takes; those of ECR on the repositories of
   * promoter.yml.
   */
  readonly registry?: readonly string[];
  readonly clusters?: readonly ["eks:DescribeCluster"];
  readonly workflow?: readonly (
    | "states:StartExecution"
    | "states:DescribeExecution"
    | "states:SendTaskSuccess"
  )[];
  readonly secret?: readonly ["secretsmanager:GetSecretValue"];
  /** On the alarms and on the functions that promoter.yml names. */
  readonly alarms?: readonly ["cloudwatch:DescribeAlarms"];
  readonly observers?: readonly ["lambda:InvokeFunction"];
  readonly bus?: readonly ["events:PutEvents"];
}

/** A plan, a snapshot or a manifest that is too big for its item lies in chunks beside it. */
const storeDocument: Permissions = { table: { PROMO: ["PutItem"], BLOB: ["PutItem"] } };
const readDocument: Permissions = { table: { PROMO: ["GetItem"], BLOB: ["Query"] } };
const changePromotion: Permissions = { table: { PROMO: ["UpdateItem"] } };
const changeRelease: Permissions = { table: { RELEASE: ["UpdateItem"] } };
const readEnvironment: Permissions = { table: { ENV: ["GetItem"] } };
const writeEnvironment: Permissions = { table: { ENV: ["PutItem"] } };
const tellPeople: Permissions = { secret: ["secretsmanager:GetSecretValue"] };
/** A tag on an archived image takes a call of its own. */
const lookAtTags = ["ecr:BatchGetImage", "ecr:DescribeImages"] as const;

/** Every method of every port, so that a new one does not compile until its calls are listed here. */
export const permissionsOf: Readonly<Record<PortMethod, Permissions>> = {
  "releases.read": { table: { RELEASE: ["GetItem"] } },
  "releases.collect": changeRelease,
  "releases.finalise": changeRelease,
  "releases.nextAttempt": changeRelease,
  "environments.readLock": readEnvironment,
  "environments.writeLock": writeEnvironment,
  "environments.readCurrent": readEnvironment,
  "environments.writeCurrent": writeEnvironment,
  "environments.readPromoted": readEnvironment,
  "environments.configurationKey": { table: { ENV: ["GetItem", "PutItem"] } },
  "environments.readHold": readEnvironment,
  "environments.writeHold": writeEnvironment,
  "environments.clearHold": { table: { ENV: ["DeleteItem"] } },
  "environments.readHolds": { table: { ENV: ["Query"] } },
  "promotions.read": { table: { PROMO: ["GetItem"] } },
  "promotions.open": { table: { PROMO: ["PutItem"] } },
  "promotions.update": changePromotion,
  "promotions.markCancelled": changePromotion,
  "promotions.markAborted": changePromotion,
  "promotions.markRolledOut": changePromotion,
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
  "archives.read": {},
  "waits.store": { table: { WAIT: ["PutItem"] } },
  "waits.read": { table: { WAIT: ["GetItem"] } },
  "waits.remove": { table: { WAIT: ["DeleteItem"] } },
  "openWork.add": { table: { OPEN: ["PutItem"] } },
  "openWork.remove": { table: { OPEN: ["DeleteItem"] } },
  "openWork.setAside": { table: { OPEN: ["PutItem", "UpdateItem"] } },
  "openWork.list": { table: { OPEN: ["Query"] } },
  "openWork.listAll": { table: { OPEN: ["Query"] } },
  "ignoredPushes.note": { table: { IGNORED: ["GetItem", "PutItem"] } },
  "ignoredPushes.list": { table: { IGNORED: ["GetItem"] } },
  "trail.append": { table: { TRAIL: ["Query", "PutItem"] } },
  "trail.read": { table: { TRAIL: ["Query"] } },
  "registry.describeImage": { registry: ["ecr:DescribeImages"] },
  "registry.missingLayers": { registry: ["ecr:BatchCheckLayerAvailability"] },
  "registry.readBlob": { registry: ["ecr:GetDownloadUrlForLayer"] },
  "registry.readImage": { registry: lookAtTags },
  "registry.readManifests": { registry: ["ecr:BatchGetImage"] },
  "registry.resolveTags": { registry: lookAtTags },
  "registry.mutability": { registry: ["ecr:DescribeRepositories"] },
  "registry.putTag": { registry: ["ecr:PutImage", ...lookAtTags] },
  // With enhanced scanning ECR reads the findings from Inspector in the caller's name (ECR user
  // guide, "IAM permissions required for enhanced scanning"; alexjurkiewicz/ecr-scan-image issue 19).
  "scans.readScan": {
    registry: [
      "ecr:DescribeImageScanFindings",
      "inspector2:ListCoverage",
      "inspector2:ListFindings",
    ],
  },
  "schemas.read": {},
  "clusters.connect": { clusters: ["eks:DescribeCluster"] },
  // A GET without credentials.
  "observers.http": {},
  "observers.alarms": { alarms: ["cloudwatch:DescribeAlarms"] },
  "observers.invoke": { observers: ["lambda:InvokeFunction"] },
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
