import { isPromoterError } from "../../domain/errors.ts";
import { eventKind } from "../../domain/pod-spec/built-in-kinds.ts";
import { eventCauses, newestUnready } from "../../domain/pod-spec/event-causes.ts";
import { kindOf, type Typed } from "../../domain/pod-spec/kinds.ts";
import { crashedContainer, lastWords, maxLastLines } from "../../domain/pod-spec/last-words.ts";
import { refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { mapConcurrently } from "../concurrency/run-concurrently.ts";

/** An object that stalls, and its pods. */
export interface Suspect {
  readonly live: KubernetesObject;
  readonly pods: readonly KubernetesObject[];
}

const events: Typed = { apiVersion: "v1", kind: eventKind.name };

/** Objects whose events are read in one look. */
const maxAsked = 3;

/**
 * Causes that no status tells: the last lines of one container that crashed without a word, and the
 * events of the newest pods that are not ready, or of workloads whose pods are missing. What cannot
 * be read decides nothing, and is said once.
 */
export async function askCauses(
  suspects: readonly Suspect[],
  cluster: Cluster,
): Promise<readonly string[]> {
  const [log, told] = await Promise.all([
    unlessUnread("the log of its container", () => logCauses(suspects, cluster)),
    unlessUnread("its events", async () => {
      const asked = suspects.flatMap(askedOf).slice(0, maxAsked);
      return (await mapConcurrently(asked, (object) => eventsOf(object, cluster))).flat();
    }),
  ]);
  return [...new Set([...log, ...told])];
}

async function logCauses(
  suspects: readonly Suspect[],
  cluster: Cluster,
): Promise<readonly string[]> {
  const crashed = suspects.flatMap(({ pods }) => crashedContainer(pods) ?? [])[0];
  if (!crashed) return [];
  const { pod, container, previous } = crashed;
  const log = await cluster.readLog(refOf(pod), { container, previous, lines: maxLastLines });
  const words = lastWords(log ?? "");
  return words === "" ? [] : [`${pod.metadata.name}: ${container} wrote last: ${words}`];
}

/** Why pods are missing the status of a Deployment tells, of other workloads their events. */
function askedOf({ live, pods }: Suspect): readonly KubernetesObject[] {
  const unready = newestUnready(pods);
  if (unready) return [unready];
  return kindOf(live).readiness === "deployment" ? [] : [live];
}

async function eventsOf(object: KubernetesObject, cluster: Cluster): Promise<readonly string[]> {
  const { name, namespace } = object.metadata;
  if (namespace === undefined) return [];
  const query = { namespace, fields: `involvedObject.name=${name}` };
  return eventCauses(object, await cluster.list(events, query));
}

async function unlessUnread(
  what: string,
  ask: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await ask();
  } catch (error) {
    if (!isPromoterError(error)) throw error;
    return [`${what} could not be read: ${error.message}`];
  }
}
