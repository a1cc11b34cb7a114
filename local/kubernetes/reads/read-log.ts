import { type Json, type JsonObject, listAt, stringAt, valueAt } from "../../json-value.ts";
import { unsupported as unsupportedHere } from "../../unsupported.ts";
import type { ContainerLogs } from "../nodes/container-logs.ts";
import { badRequest, type Cause, invalid } from "../objects/api-refusal.ts";
import { nameOf } from "../objects/object-value.ts";
import { invalidValue } from "../objects/validation-cause.ts";
import { optionsKind } from "../requests/write-options.ts";

/**
 * The text at `/log` of a pod, which a kubelet answers through the server; undefined for a pod that
 * is on no node (pkg/registry/core/pod/strategy.go, LogLocation).
 */
export function readLog(
  logs: ContainerLogs,
  pod: JsonObject,
  query: URLSearchParams,
): string | undefined {
  const { tailLines, limitBytes } = logOptions(pod, query);
  const container = chosenContainer(pod, query.get("container") ?? "");
  if (stringAt(pod, "spec", "nodeName") === undefined) return undefined;
  const isPrevious = ["1", "true"].includes(query.get("previous") ?? "");
  const which = requireStarted(pod, container, isPrevious);
  const lines = logs.read(pod, container, which) ?? [];
  const asked =
    tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - tailLines));
  const text = Buffer.from(asked.map((line) => `${line}\n`).join(""));
  return text.subarray(0, limitBytes ?? text.length).toString("utf8");
}

/** pkg/apis/core/validation/validation.go, ValidatePodLogOptions. */
function logOptions(
  pod: JsonObject,
  query: URLSearchParams,
): { tailLines?: number; limitBytes?: number } {
  if (["1", "true"].includes(query.get("follow") ?? "")) {
    throw badRequest(unsupportedHere("logs that are followed"));
  }
  const [tailLines, limitBytes] = [numberOf(query, "tailLines"), numberOf(query, "limitBytes")];
  const faults: readonly Cause[] = [
    ...(tailLines !== undefined && tailLines < 0
      ? [invalidValue("tailLines", tailLines, "must be greater than or equal to 0")]
      : []),
    ...(limitBytes !== undefined && limitBytes < 1
      ? [invalidValue("limitBytes", limitBytes, "must be greater than 0")]
      : []),
  ];
  if (faults.length > 0) {
    throw invalid({ ...optionsKind("PodLogOptions"), group: "" }, nameOf(pod), faults);
  }
  return {
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
  };
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  if (/^-?\d+$/.test(given)) return Number(given);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(given)}: invalid syntax`);
}

/** pkg/registry/core/pod/strategy.go, validateContainer. */
function chosenContainer(pod: JsonObject, asked: string): string {
  const own = namesIn(listAt(pod, "spec", "containers"));
  const all = [...namesIn(listAt(pod, "spec", "initContainers")), ...own];
  if (asked !== "") {
    if (all.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${nameOf(pod)}`);
  }
  const [only] = own;
  if (only !== undefined && own.length === 1) return only;
  throw badRequest(
    `a container name must be specified for pod ${nameOf(pod)}, choose one of: [${all.join(" ")}]`,
  );
}

function namesIn(containers: readonly Json[]): readonly string[] {
  return containers.map((container) => stringAt(container, "name") ?? "");
}

/** pkg/kubelet/kubelet_pods.go, validateContainerLogStatus: its errors reach the client as 400. */
function requireStarted(
  pod: JsonObject,
  container: string,
  isPrevious: boolean,
): "current" | "previous" {
  const what = `container ${JSON.stringify(container)} in pod ${JSON.stringify(nameOf(pod))}`;
  const status = listAt(pod, "status", "containerStatuses").find(
    (one) => stringAt(one, "name") === container,
  );
  if (status === undefined) throw badRequest(`${what} is not available`);
  const isRunning = valueAt(status, "state", "running") !== undefined;
  const hasEnded = valueAt(status, "lastState", "terminated") !== undefined;
  if (isPrevious && !hasEnded) throw badRequest(`previous terminated ${what} not found`);
  if (isRunning) return isPrevious ? "previous" : "current";
  const reason = stringAt(status, "state", "waiting", "reason");
  if (!hasEnded && reason !== undefined) {
    throw badRequest(`${what} is waiting to start: ${waitingReasons[reason] ?? reason}`);
  }
  return "current";
}

const waitingReasons: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: "trying and failing to pull image",
};
