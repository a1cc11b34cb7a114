import { type JsonObject, listAt, objectAt, stringAt, valueAt } from "../../json-value.ts";
import { withDefault, withValue } from "../objects/object-value.ts";
import { fillElements, fillFields } from "./fill-fields.ts";

/** Of the template of a pod and of a pod: kubernetes/kubernetes pkg/apis/core/v1/defaults.go. */
export function podSpecDefaults(spec: JsonObject): JsonObject {
  const filled = fillFields(spec, [
    ["restartPolicy", "Always"],
    ["dnsPolicy", "ClusterFirst"],
    ["schedulerName", "default-scheduler"],
    ["securityContext", {}],
    ["terminationGracePeriodSeconds", 30],
  ]);
  const account = stringAt(filled, "serviceAccountName");
  // The old name of the field is kept in step: pkg/apis/core/v1/conversion.go.
  const named = account === undefined ? filled : { ...filled, serviceAccount: account };
  return ["containers", "initContainers", "volumes"].reduce(
    (done, list) =>
      fillElements(done, list, list === "volumes" ? volumeDefaults : containerDefaults),
    named,
  );
}

/** How long a pod stays on a node that is not ready: plugin/pkg/admission/defaulttolerationseconds. */
const tolerations = ["not-ready", "unreachable"].map((key) => ({
  key: `node.kubernetes.io/${key}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

/** A pod gets more than its template, some of it from admission plugins. */
export function podDefaults(pod: JsonObject): JsonObject {
  const spec = fillFields(podSpecDefaults(objectAt(pod, "spec")), [
    ["enableServiceLinks", true],
    ["preemptionPolicy", "PreemptLowerPriority"],
    ["priority", 0],
  ]);
  const missing = tolerations.filter(
    ({ key }) => !listAt(spec, "tolerations").some((one) => stringAt(one, "key") === key),
  );
  const tolerant = { ...spec, tolerations: [...listAt(spec, "tolerations"), ...missing] };
  return fillFields({ ...pod, spec: tolerant }, [
    ["status.phase", "Pending"],
    ["status.qosClass", qualityOf(spec)],
  ]);
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
function qualityOf(spec: JsonObject): string {
  const resources = listAt(spec, "containers").map((container) => objectAt(container, "resources"));
  if (
    resources.every(
      (one) => valueAt(one, "limits") === undefined && valueAt(one, "requests") === undefined,
    )
  ) {
    return "BestEffort";
  }
  return resources.every(isBound) ? "Guaranteed" : "Burstable";
}

function isBound(resources: JsonObject): boolean {
  return ["cpu", "memory"].every((name) => {
    const limit = stringAt(resources, "limits", name);
    return limit !== undefined && (stringAt(resources, "requests", name) ?? limit) === limit;
  });
}

function containerDefaults(container: JsonObject): JsonObject {
  const filled = fillFields(container, [
    ["imagePullPolicy", pullPolicy(stringAt(container, "image") ?? "")],
    ["resources", {}],
    ["terminationMessagePath", "/dev/termination-log"],
    ["terminationMessagePolicy", "File"],
  ]);
  const withPorts = fillElements(filled, "ports", (port) => withDefault(port, ["protocol"], "TCP"));
  const withEnv = fillElements(withPorts, "env", (variable) =>
    within(variable, ["valueFrom", "fieldRef"], (ref) => withDefault(ref, ["apiVersion"], "v1")),
  );
  const hooks = [
    ["lifecycle", "preStop"],
    ["lifecycle", "postStart"],
  ];
  const withHooks = hooks.reduce(
    (done, hook) => within(done, [...hook, "httpGet"], httpGetDefaults),
    withEnv,
  );
  return ["readinessProbe", "livenessProbe", "startupProbe"].reduce(withProbe, withHooks);
}

/**
 * `Always` for `:latest` or no tag, as long as no digest is given:
 * https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting
 */
function pullPolicy(image: string): string {
  const [name = "", digest] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? "latest";
  return digest === undefined && tag === "latest" ? "Always" : "IfNotPresent";
}

function withProbe(container: JsonObject, probe: string): JsonObject {
  if (valueAt(container, probe) === undefined) return container;
  const timed = fillFields(objectAt(container, probe), [
    ["timeoutSeconds", 1],
    ["periodSeconds", 10],
    ["successThreshold", 1],
    ["failureThreshold", 3],
  ]);
  return { ...container, [probe]: within(timed, ["httpGet"], httpGetDefaults) };
}

function httpGetDefaults(httpGet: JsonObject): JsonObject {
  return fillFields(httpGet, [
    ["path", "/"],
    ["scheme", "HTTP"],
  ]);
}

function volumeDefaults(volume: JsonObject): JsonObject {
  const sources = Object.keys(volume).filter((name) => name !== "name");
  const filled: JsonObject = sources.length === 0 ? { ...volume, emptyDir: {} } : volume;
  const withModes = ["configMap", "secret", "projected", "downwardAPI"].reduce(
    (done, source) => within(done, [source], (it) => withDefault(it, ["defaultMode"], 0o644)),
    filled,
  );
  const withItems = within(withModes, ["downwardAPI"], downwardDefaults);
  const withPaths = within(withItems, ["hostPath"], (it) => withDefault(it, ["type"], ""));
  return within(withPaths, ["projected"], (it) => fillElements(it, "sources", sourceDefaults));
}

function sourceDefaults(source: JsonObject): JsonObject {
  return within(
    within(source, ["serviceAccountToken"], (it) => withDefault(it, ["expirationSeconds"], 3600)),
    ["downwardAPI"],
    downwardDefaults,
  );
}

function downwardDefaults(downward: JsonObject): JsonObject {
  return fillElements(downward, "items", (item) =>
    within(item, ["fieldRef"], (ref) => withDefault(ref, ["apiVersion"], "v1")),
  );
}

/** Changes what is at a path, where something is. */
function within(
  object: JsonObject,
  path: readonly string[],
  change: (inner: JsonObject) => JsonObject,
): JsonObject {
  return valueAt(object, ...path) === undefined
    ? object
    : withValue(object, path, change(objectAt(object, ...path)));
}
