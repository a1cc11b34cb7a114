import type { Judging } from "./judging.ts";

/**
 * Required in the document, where it means no more than that Go always writes them; the API server
 * takes the zero of the type or a default for what is missing, or tells by something else. Found by
 * leaving out every required field of every kind that a server of 1.36 serves, in
 * test/cluster/judge.test.ts.
 */
const optional: ReadonlySet<string> = new Set([
  "admissionregistration.v1.MutatingWebhook clientConfig",
  "admissionregistration.v1.ValidatingWebhook clientConfig",
  "apiextensions.v1.CustomResourceDefinitionVersion served",
  "apiextensions.v1.SelectableField jsonPath",
  "apiextensions.v1.ServiceReference name",
  "apiextensions.v1.ServiceReference namespace",
  "apiextensions.v1.WebhookConversion conversionReviewVersions",
  "apps.v1.ControllerRevision revision",
  "apps.v1.DaemonSetSpec template",
  "apps.v1.DeploymentSpec template",
  "apps.v1.StatefulSetSpec template",
  "batch.v1.CronJobSpec jobTemplate",
  "batch.v1.JobSpec template",
  "batch.v1.PodFailurePolicy rules",
  "core.v1.ClusterTrustBundleProjection path",
  "core.v1.ConfigMapNodeConfigSource kubeletConfigKey",
  "core.v1.ConfigMapNodeConfigSource name",
  "core.v1.ConfigMapNodeConfigSource namespace",
  "core.v1.Event involvedObject",
  "core.v1.Event metadata",
  "core.v1.HTTPHeader value",
  "core.v1.ISCSIPersistentVolumeSource lun",
  "core.v1.ISCSIVolumeSource lun",
  "core.v1.LimitRangeSpec limits",
  "core.v1.PersistentVolumeClaimTemplate spec",
  "core.v1.PodCertificateProjection keyType",
  "core.v1.PodCertificateProjection signerName",
  "core.v1.PreferredSchedulingTerm preference",
  "core.v1.ScaleIOPersistentVolumeSource secretRef",
  "core.v1.ScaleIOVolumeSource secretRef",
  "core.v1.SleepAction seconds",
  "core.v1.Sysctl value",
  "core.v1.TypedLocalObjectReference kind",
  "core.v1.TypedLocalObjectReference name",
  "discovery.v1.ForZone name",
  "events.v1.EventSeries count",
  "events.v1.EventSeries lastObservedTime",
  "flowcontrol.v1.GroupSubject name",
  "flowcontrol.v1.LimitResponse type",
  "flowcontrol.v1.ServiceAccountSubject name",
  "flowcontrol.v1.ServiceAccountSubject namespace",
  "flowcontrol.v1.UserSubject name",
  "networking.v1.HTTPIngressPath backend",
  "resource.v1.CapacityRequestPolicyRange min",
  "resource.v1.Counter value",
  "resource.v1.DeviceCapacity value",
  "resource.v1.DeviceClass spec",
  "resource.v1.ResourceClaim spec",
  "resource.v1.ResourceClaimTemplate spec",
  "resource.v1.ResourceClaimTemplateSpec spec",
  "resource.v1.ResourcePool generation",
  "storage.v1.CSIDriver spec",
  "storage.v1.CSINode spec",
  "storage.v1.CSINodeSpec drivers",
  "storage.v1.TokenRequest audience",
  "storage.v1.VolumeAttachmentSpec source",
]);

/** Of APIs that a server has off unless told otherwise, so that nobody was asked. */
const preview = /\.v\d+(?:alpha|beta)\d+\./;

/**
 * Whether the server refuses an object without this required field. What a later minor no longer
 * requires was never asked for: Kubernetes corrects its documents, and makes no field optional
 * without a version.
 */
export function isDemanded(type: string, field: string, { all }: Judging): boolean {
  if (preview.test(type) || optional.has(`${type} ${field}`)) return false;
  const newest = all.of(all.minors.at(-1) ?? "");
  return newest?.hasType(type) === true && newest.type(type).fields.get(field)?.required === true;
}

/** Taken with any value by a server that does not act on them. */
export const openEnumerations: ReadonlySet<string> = new Set(["core.v1.Lifecycle stopSignal"]);
