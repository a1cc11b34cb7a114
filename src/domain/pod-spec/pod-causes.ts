import { causeText } from "../cause-text.ts";
import { listAt, numberAt, recordAt, textAt, valueAt } from "../json.ts";
import { conditionOf } from "./conditions.ts";
import { containerStatuses } from "./container-statuses.ts";
import type { KubernetesObject } from "./object.ts";
import { byTemplate } from "./pods-by-template.ts";

const maxCauses = 3;

/**
 * Why pods do not become ready, in words for people: pods of the newest template first, of these
 * the newest first. At most three causes, none twice. The texts come from outside: they are data,
 * never markup and never commands to a terminal. That a container is not ready yet is a cause only
 * if it has run since before `expectedSince` (epoch milliseconds; without it always): every
 * container is not ready at first.
 */
export function podCauses(
  pods: readonly KubernetesObject[],
  expectedSince = Infinity,
): readonly string[] {
  const { newest, older } = byTemplate(pods);
  const causes = [...newest, ...older].flatMap((pod) => causesOf(pod, expectedSince));
  return [...new Set(causes.map(causeText))].slice(0, maxCauses);
}

function causesOf(pod: KubernetesObject, expectedSince: number): readonly string[] {
  const containers = containerStatuses(pod).flatMap(
    (status) => containerCause(status, { pod, expectedSince }) ?? [],
  );
  const found = [...unschedulable(pod), ...containers];
  return (found.length > 0 ? found : podFailure(pod)).map(
    (cause) => `${pod.metadata.name}: ${cause}`,
  );
}

function unschedulable(pod: KubernetesObject): readonly string[] {
  const condition = conditionOf(pod, "PodScheduled");
  if (textAt(condition, "status") !== "False") return [];
  const why = textAt(condition, "message") ?? textAt(condition, "reason") ?? "no reason given";
  return [`not scheduled: ${why}${requestsText(pod)}`];
}

function podFailure(pod: KubernetesObject): readonly string[] {
  if (textAt(pod, "status", "phase") !== "Failed") return [];
  return [
    `failed: ${textAt(pod, "status", "message") ?? textAt(pod, "status", "reason") ?? "no reason given"}`,
  ];
}

/** Waiting reasons of an ordinary start. */
const ordinary = new Set(["ContainerCreating", "PodInitializing"]);

function containerCause(
  status: unknown,
  { pod, expectedSince }: { readonly pod: KubernetesObject; readonly expectedSince: number },
): string | undefined {
  const name = textAt(status, "name") ?? "?";
  const spec = containersOf(pod).find((one) => textAt(one, "name") === name);
  const waiting = textAt(status, "state", "waiting", "reason");
  const lastEnd = terminationText(valueAt(status, "lastState", "terminated"), spec);
  if (waiting === "CrashLoopBackOff") {
    return `${name} keeps crashing (CrashLoopBackOff)${lastEnd}`;
  }
  if (waiting !== undefined && !ordinary.has(waiting)) {
    const message = messageText(valueAt(status, "state", "waiting"));
    return `${name} waits: ${waiting}${message}${imageText(spec, { waiting, message })}`;
  }
  const terminated = recordAt(status, "state", "terminated");
  if ((numberAt(terminated, "exitCode") ?? 0) !== 0) {
    return `${name} ended${terminationText(terminated, spec)}`;
  }
  return notReady(status, expectedSince)
    ? `${name} runs but is not ready; check its readiness probe${lastEnd}`
    : undefined;
}

function notReady(status: unknown, expectedSince: number): boolean {
  if (valueAt(status, "ready") !== false || valueAt(status, "state", "running") === undefined) {
    return false;
  }
  const isNew = Date.parse(textAt(status, "state", "running", "startedAt") ?? "") >= expectedSince;
  return !isNew || valueAt(status, "lastState", "terminated") !== undefined;
}

/**
 * `: OOMKilled, exit code 137: …`. The kubelet keeps the termination message, the end of the log
 * where so configured.
 */
function terminationText(terminated: unknown, spec: unknown): string {
  const code = numberAt(terminated, "exitCode");
  if (code === undefined) return "";
  const reason = textAt(terminated, "reason");
  const limit = reason === "OOMKilled" ? textAt(spec, "resources", "limits", "memory") : undefined;
  const limited = limit === undefined ? "" : ` (its memory limit is ${limit})`;
  return `: ${reason && reason !== "Error" ? `${reason}, ` : ""}exit code ${code}${limited}${messageText(terminated)}`;
}

function messageText(state: unknown): string {
  const message = textAt(state, "message")?.trim().replaceAll(/\s+/g, " ");
  return message ? `: ${message}` : "";
}

function containersOf(pod: KubernetesObject): readonly unknown[] {
  return [...listAt(pod, "spec", "initContainers"), ...listAt(pod, "spec", "containers")];
}

/** The image, where a kubelet does not name it itself. */
function imageText(
  spec: unknown,
  { waiting, message }: { readonly waiting: string; readonly message: string },
): string {
  const image = textAt(spec, "image");
  return image !== undefined && /Image|Pull/.test(waiting) && !message.includes(image)
    ? ` (${image})`
    : "";
}

/** What was asked, beside the scheduler's words on what is free. */
function requestsText(pod: KubernetesObject): string {
  const asked = listAt(pod, "spec", "containers").flatMap((container) => {
    const requests = Object.entries(recordAt(container, "resources", "requests"));
    const amounts = requests.map(([resource, amount]) => `${resource} ${String(amount)}`);
    return amounts.length === 0 ? [] : [`${textAt(container, "name")} ${amounts.join(" and ")}`];
  });
  return asked.length === 0 ? "" : `; it asks for: ${asked.join(", ")}`;
}
