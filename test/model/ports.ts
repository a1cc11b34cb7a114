import type { Approvals } from "../../src/ports/approvals.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Clusters } from "../../src/ports/cluster.ts";
import type { Configurations } from "../../src/ports/configurations.ts";
import type { Environments } from "../../src/ports/environments.ts";
import type { EventBus } from "../../src/ports/event-bus.ts";
import type { IgnoredPushes } from "../../src/ports/ignored-pushes.ts";
import type { ImageRegistry } from "../../src/ports/image-registry.ts";
import type { Messenger } from "../../src/ports/messenger.ts";
import type { OpenWork } from "../../src/ports/open-work.ts";
import type { Promotions } from "../../src/ports/promotions.ts";
import type { Releases } from "../../src/ports/releases.ts";
import type { ScanReports } from "../../src/ports/scan-reports.ts";
import type { Trail } from "../../src/ports/trail.ts";
import type { Waits } from "../../src/ports/waits.ts";
import type { Workflow } from "../../src/ports/workflow.ts";

/** All that a function may ask of the world; each takes what it needs. */
export interface Ports {
  readonly approvals: Approvals;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly clusters: Clusters;
  readonly configurations: Configurations;
  readonly environments: Environments;
  readonly hash: (text: string) => string;
  readonly messenger: Messenger;
  readonly openWork: OpenWork;
  readonly ignoredPushes: IgnoredPushes;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly promotions: Promotions;
  readonly registry: ImageRegistry;
  readonly releases: Releases;
  readonly scans: ScanReports;
  readonly trail: Trail;
  readonly waits: Waits;
  readonly workflow: Workflow;
}
