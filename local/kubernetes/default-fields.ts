import { type Json, type JsonObject, isObject, listAt, nameOf, objectAt, stringAt, valueAt, withDefault, withValue } from "./json-value.ts";

/**
 * The defaults of the API server that rollouts and comparisons need, in the order of its own files
 * (kubernetes/kubernetes pkg/apis/core/v1/defaults.go and pkg/apis/apps/v1/defaults.go).
 */
export function withDefaults(kind: string, object: JsonObject): JsonObject {
  switch (kind) {
    case "Deployment":
      return withPodTemplate(deploymentDefaults(object));
    case "StatefulSet":
      return withPodTemplate(setAll(object, [["spec.replicas", 1], ["spec.revisionHistoryLimit", 10], ["spec.podManagementPolicy", "OrderedReady"], ["spec.updateStrategy.type", "RollingUpdate"]]));
    case "DaemonSet":
      return withPodTemplate(setAll(object, [["spec.revisionHistoryLimit", 10], ["spec.updateStrategy.type", "RollingUpdate"]]));
    case "ReplicaSet":
      return withPodTemplate(withDefault(object, ["spec", "replicas"], 1));
    case "Pod":
      return setAll({ ...object, spec: podSpecDefaults(objectAt(object, "spec")) }, [["status.phase", "Pending"]]);
    case "Service":
      return serviceDefaults(object);
    case "Secret":
      return secretDefaults(object);
    case "Namespace":
      return namespaceDefaults(object);
    default:
      return object;
  }
}

type Default = readonly [path: string, value: Json];

function setAll(object: JsonObject, defaults: readonly Default[]): JsonObject {
  return defaults.reduce((done, [path, value]) => withDefault(done, path.split("."), value), object);
}

function deploymentDefaults(object: JsonObject): JsonObject {
  const withStrategy = setAll(object, [
    ["spec.replicas", 1],
    ["spec.revisionHistoryLimit", 10],
    ["spec.progressDeadlineSeconds", 600],
    ["spec.strategy.type", "RollingUpdate"],
  ]);
  if (stringAt(withStrategy, "spec", "strategy", "type") !== "RollingUpdate") return withStrategy;
  return setAll(withStrategy, [["spec.strategy.rollingUpdate.maxSurge", "25%"], ["spec.strategy.rollingUpdate.maxUnavailable", "25%"]]);
}

function withPodTemplate(object: JsonObject): JsonObject {
  if (valueAt(object, "spec", "template", "spec") === undefined) return object;
  return withValue(object, ["spec", "template", "spec"], podSpecDefaults(objectAt(object, "spec", "template", "spec")));
}

function podSpecDefaults(spec: JsonObject): JsonObject {
  const filled = setAll(spec, [
    ["restartPolicy", "Always"],
    ["dnsPolicy", "ClusterFirst"],
    ["schedulerName", "default-scheduler"],
    ["securityContext", {}],
    ["terminationGracePeriodSeconds", 30],
  ]);
  return ["containers", "initContainers", "volumes"].reduce((done, list) => {
    const fill = list === "volumes" ? volumeDefaults : containerDefaults;
    return valueAt(done, list) === undefined ? done : mapList(done, list, fill);
  }, filled);
}

function containerDefaults(container: JsonObject): JsonObject {
  const filled = setAll(container, [
    ["imagePullPolicy", pullPolicy(stringAt(container, "image") ?? "")],
    ["resources", {}],
    ["terminationMessagePath", "/dev/termination-log"],
    ["terminationMessagePolicy", "File"],
  ]);
  const withPorts = mapList(filled, "ports", (port) => withDefault(port, ["protocol"], "TCP"));
  return ["readinessProbe", "livenessProbe", "startupProbe"].reduce(withProbe, withPorts);
}

/** `Always` for `:latest` or no tag, as long as no digest is given: https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting */
function pullPolicy(image: string): string {
  const [name = "", digest] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? "latest";
  return digest === undefined && tag === "latest" ? "Always" : "IfNotPresent";
}

function withProbe(container: JsonObject, probe: string): JsonObject {
  if (valueAt(container, probe) === undefined) return container;
  const timed = setAll(objectAt(container, probe), [["timeoutSeconds", 1], ["periodSeconds", 10], ["successThreshold", 1], ["failureThreshold", 3]]);
  const filled = valueAt(timed, "httpGet") === undefined ? timed : withDefault(timed, ["httpGet", "scheme"], "HTTP");
  return { ...container, [probe]: filled };
}

function volumeDefaults(volume: JsonObject): JsonObject {
  const filled = ["configMap", "secret", "projected"].filter((source) => valueAt(volume, source) !== undefined);
  return filled.reduce((done, source) => withDefault(done, [source, "defaultMode"], 0o644), volume);
}

function serviceDefaults(object: JsonObject): JsonObject {
  const filled = setAll(object, [["spec.type", "ClusterIP"], ["spec.sessionAffinity", "None"]]);
  if (stringAt(filled, "spec", "type") === "ExternalName") return filled;
  const addressed = setAll(filled, [["spec.internalTrafficPolicy", "Cluster"], ["spec.ipFamilies", ["IPv4"]], ["spec.ipFamilyPolicy", "SingleStack"]]);
  const spec = mapList(objectAt(addressed, "spec"), "ports", (port) => {
    const targeted = valueAt(port, "port") === undefined ? port : withDefault(port, ["targetPort"], valueAt(port, "port") ?? null);
    return withDefault(targeted, ["protocol"], "TCP");
  });
  return { ...addressed, spec };
}

/** `stringData` is written only: it ends up, encoded, in `data`. */
function secretDefaults(object: JsonObject): JsonObject {
  const filled = withDefault(object, ["type"], "Opaque");
  const texts = Object.entries(objectAt(filled, "stringData"));
  if (texts.length === 0) return filled;
  const encoded = texts.map(([key, text]) => [key, Buffer.from(typeof text === "string" ? text : "").toString("base64")] as const);
  return withValue({ ...filled, data: { ...objectAt(filled, "data"), ...Object.fromEntries(encoded) } }, ["stringData"], undefined);
}

function namespaceDefaults(object: JsonObject): JsonObject {
  const labelled = withDefault(object, ["metadata", "labels", "kubernetes.io/metadata.name"], nameOf(object));
  return setAll(labelled, [["spec.finalizers", ["kubernetes"]], ["status.phase", "Active"]]);
}

function mapList(object: JsonObject, list: string, fill: (element: JsonObject) => JsonObject): JsonObject {
  if (valueAt(object, list) === undefined) return object;
  return { ...object, [list]: listAt(object, list).map((element) => (isObject(element) ? fill(element) : element)) };
}
