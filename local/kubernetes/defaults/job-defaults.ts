import { type JsonObject, objectAt, valueAt } from "../../json-value.ts";
import { nameOf, uidOf, withValue } from "../objects/object-value.ts";
import { fillFields } from "./fill-fields.ts";

/** pkg/apis/batch/v1/defaults.go, SetDefaults_Job. */
export function jobDefaults(job: JsonObject): JsonObject {
  const isOpen = ["completions", "parallelism"].every(
    (name) => valueAt(job, "spec", name) === undefined,
  );
  const replacement =
    valueAt(job, "spec", "podFailurePolicy") === undefined ? "TerminatingOrFailed" : "Failed";
  return fillFields(job, [
    ...(isOpen ? [["spec.completions", 1] as const] : []),
    ["spec.parallelism", 1],
    ["spec.backoffLimit", 6],
    ["spec.completionMode", "NonIndexed"],
    ["spec.suspend", false],
    ["spec.manualSelector", false],
    ["spec.podReplacementPolicy", replacement],
    ["status", {}],
  ]);
}

/**
 * A new Job selects the pods that have its uid: pkg/registry/batch/job/strategy.go,
 * generateSelector. One that stands keeps what it was given.
 */
export function withJobSelector(job: JsonObject, live: JsonObject | undefined): JsonObject {
  if (valueAt(job, "spec", "manualSelector") === true) return job;
  const labels = {
    "batch.kubernetes.io/controller-uid": uidOf(job),
    "batch.kubernetes.io/job-name": nameOf(job),
    "controller-uid": uidOf(job),
    "job-name": nameOf(job),
  };
  const places = [...(live ? [] : [["metadata"]]), ["spec", "template", "metadata"]];
  const labelled = places.reduce(
    (done, place) =>
      withValue(done, [...place, "labels"], { ...objectAt(done, ...place, "labels"), ...labels }),
    job,
  );
  const selector = { "batch.kubernetes.io/controller-uid": uidOf(job) };
  return withValue(labelled, ["spec", "selector", "matchLabels"], selector);
}
