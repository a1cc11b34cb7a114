import { type JsonObject, listAt, objectAt } from "../../json-value.ts";
import { isTerminating, nameOf, namespaceOf, uidOf } from "../objects/object-value.ts";
import { knownResource } from "../objects/resource-table.ts";
import { type NodeWorld, livePod, runContainer } from "./kubelet.ts";
import { accepts, nodeLabels, type NodePlace } from "./node-labels.ts";
import { scheduledPod, unschedulablePod } from "./pod-status.ts";

export interface PodRunner {
  /** To be told of every pod that is new or has changed. */
  observe(pod: JsonObject): void;
}

const pods = knownResource("Pod");

/**
 * Scheduler and kubelet in one: puts pods on nodes, pulls their images, starts, restarts and stops
 * their containers.
 */
export function createPodRunner(world: NodeWorld): PodRunner {
  const known = new Set<string>();
  const stopping = new Set<string>();
  const cached = new Set<string>();
  return {
    observe(pod) {
      if (isTerminating(pod)) stop(world, pod, stopping);
      else if (!known.has(uidOf(pod))) {
        known.add(uidOf(pod));
        world.queue.later(world.context.clock.now(), () => schedule(world, pod, cached));
      }
    },
  };
}

function stop(world: NodeWorld, pod: JsonObject, stopping: Set<string>): void {
  if (stopping.has(uidOf(pod))) return;
  stopping.add(uidOf(pod));
  world.queue.later(world.context.clock.now() + world.timing.stop, () => {
    const live = world.store.get(pods, namespaceOf(pod), nameOf(pod));
    if (live && uidOf(live) === uidOf(pod)) world.store.remove(pods, live);
  });
}

function schedule(world: NodeWorld, created: JsonObject, cached: Set<string>): void {
  const pod = livePod(world, created);
  if (!pod) return;
  const now = world.context.clock.now();
  const index = world.nodes.findIndex((node, number) =>
    accepts(nodeLabels(node, nodePlace(world, number)), objectAt(pod, "spec")),
  );
  const node = world.nodes[index];
  if (!node) {
    const count = world.nodes.length;
    const why = `0/${count} nodes are available: ${count} node(s) didn't match Pod's node affinity/selector.`;
    world.writer.update(pods, pod, unschedulablePod(pod, why, now));
    return;
  }
  world.writer.update(pods, pod, scheduledPod(pod, nodeName(index), now));
  for (const container of listAt(pod, "spec", "containers")) {
    runContainer({ world, pod, container, node, cached });
  }
}

/** One node in each zone. */
function nodePlace({ context: { region } }: NodeWorld, index: number): NodePlace {
  return { name: nodeName(index), region, zone: `${region}${"abc"[index % 3]}` };
}

function nodeName(index: number): string {
  return `node-${index + 1}`;
}
