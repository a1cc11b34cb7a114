import type { Clock } from "../../src/ports/clock.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { fakeApprovals } from "../fakes/approvals.ts";
import { fakeCluster } from "../fakes/cluster.ts";
import { fakeEnvironments } from "../fakes/environments.ts";
import { fakeEventBus } from "../fakes/event-bus.ts";
import { fakeIgnoredPushes } from "../fakes/ignored-pushes.ts";
import { fakeImageRegistry } from "../fakes/image-registry.ts";
import { fakeMessenger } from "../fakes/messenger.ts";
import { fakeObservers } from "../fakes/observers.ts";
import { fakeOpenWork } from "../fakes/open-work.ts";
import { fakePromotions } from "../fakes/promotions.ts";
import { fakeReleases } from "../fakes/releases.ts";
import { fakeScanReports } from "../fakes/scan-reports.ts";
import { fakeTrail } from "../fakes/trail.ts";
import { fakeWaits } from "../fakes/waits.ts";
import { environmentNames, members, namespaceOf } from "./deployment.ts";

/** What lasts: everything that functions read and write. */
export interface Stores extends Pick<
  Ports,
  | "approvals"
  | "environments"
  | "ignoredPushes"
  | "openWork"
  | "promotions"
  | "releases"
  | "trail"
  | "waits"
> {
  readonly bus: ReturnType<typeof fakeEventBus>;
  readonly cluster: ReturnType<typeof fakeCluster>;
  readonly messenger: ReturnType<typeof fakeMessenger>;
  readonly observers: ReturnType<typeof fakeObservers>;
  readonly registry: ReturnType<typeof fakeImageRegistry>;
  readonly scans: ReturnType<typeof fakeScanReports>;
}

export function storesOn(clock: Clock): Stores {
  const stores: Stores = {
    approvals: fakeApprovals(),
    bus: fakeEventBus(),
    cluster: fakeCluster({ clock }),
    environments: fakeEnvironments(),
    messenger: fakeMessenger(),
    observers: fakeObservers(),
    openWork: fakeOpenWork(),
    ignoredPushes: fakeIgnoredPushes(),
    promotions: fakePromotions(),
    registry: fakeImageRegistry(clock),
    releases: fakeReleases(),
    scans: fakeScanReports(),
    trail: fakeTrail(),
    waits: fakeWaits(),
  };
  for (const member of members) stores.registry.addRepository(member);
  for (const name of environmentNames) {
    stores.cluster.applyAs("admin", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespaceOf(name) },
    });
  }
  return stores;
}
