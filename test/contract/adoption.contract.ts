import type {
  RawAnswer,
  RawRequest,
} from "@promoter/local-cloud/internal/test/kubernetes/raw-requests.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listAt, recordAt, textAt } from "../../src/domain/json.ts";
import type { Takeover } from "../../src/domain/pod-spec/adoption.ts";
import { refOf, type KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { projectOwned } from "../../src/domain/pod-spec/owned-fields.ts";
import type { Cluster } from "../../src/ports/cluster.ts";
import { applyAdopting } from "../../src/promotion/cluster/apply-adopting.ts";
import { lookAt, predict, type Prediction } from "../../src/promotion/cluster/predict-object.ts";

export interface AdoptionWorld {
  readonly cluster: Cluster;
  /** One that exists and is empty. */
  readonly namespace: string;
  readonly ask: (request: RawRequest) => Promise<RawAnswer>;
  close(): Promise<void>;
}

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** What a cluster does with objects that others have made before us. */
export function adoptionContract(name: string, makeWorld: () => Promise<AdoptionWorld>): void {
  describe(`${name}, adopting`, () => {
    let world: AdoptionWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    const web = (
      container: object = {},
      spec: object = {},
      metadata: object = {},
    ): KubernetesObject => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: world.namespace, labels: { app: "web" }, ...metadata },
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            containers: [
              {
                name: "api",
                image: "registry.example/web:2",
                ports: [{ name: "http", containerPort: 8080 }],
                env: [{ name: "KEPT", value: "1" }],
                ...container,
              },
            ],
          },
        },
        ...spec,
      },
    });
    /** What somebody deployed before: with a variable, a probe and replicas that the release lacks. */
    const before = (spec: object = { replicas: 5 }): KubernetesObject =>
      web(
        {
          image: "registry.example/web:1",
          env: [
            { name: "KEPT", value: "1" },
            { name: "LEGACY_DB_URL", value: "postgres://old" },
          ],
          livenessProbe: { httpGet: { path: "/old-health", port: "http" } },
        },
        spec,
        { annotations: { [lastApplied]: "{}" } },
      );
    const place = ({ apiVersion, kind }: KubernetesObject): string =>
      `${apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`}/namespaces/${world.namespace}/${plurals[kind]}`;
    const succeed = async (request: RawRequest): Promise<unknown> => {
      const { code, body } = await world.ask(request);
      if (code >= 300) {
        throw new Error(`${request.method} ${request.path}: ${JSON.stringify(body)}`);
      }
      return body;
    };
    const createAs = (manager: string, object: KubernetesObject): Promise<unknown> =>
      succeed({ method: "POST", path: `${place(object)}?fieldManager=${manager}`, body: object });
    const patchAs = (
      manager: string,
      object: KubernetesObject,
      operations: readonly object[],
      part = "",
    ): Promise<unknown> =>
      succeed({
        method: "PATCH",
        path: `${place(object)}/${object.metadata.name}${part}?fieldManager=${manager}`,
        body: operations,
        type: "application/json-patch+json",
      });
    const target = (force = false, objects: readonly KubernetesObject[] = []) => ({
      cluster: world.cluster,
      objects,
      force,
    });
    const look = async (object: KubernetesObject, force = false): Promise<Prediction> => {
      const found = await lookAt(object, target(force));
      if (!found) throw new Error("it does not exist");
      return predict(found, target(force));
    };
    const live = (object: KubernetesObject): Promise<KubernetesObject | undefined> =>
      world.cluster.read(refOf(object));
    const managers = async (object: KubernetesObject): Promise<readonly string[]> =>
      listAt((await live(object))?.metadata, "managedFields")
        .filter((entry) => textAt(entry, "subresource") !== "status")
        .map((entry) => `${textAt(entry, "manager")} ${textAt(entry, "operation")}`);
    /** Applies what was predicted and shows that it came true. */
    const promote = async (object: KubernetesObject): Promise<readonly Takeover[]> => {
      const prediction = await look(object);
      await applyAdopting(object, target(), prediction.takeovers);
      expect(content(await live(object))).toEqual(content(prediction.wouldBe));
      return prediction.takeovers;
    };
    const api = 'spec.template.spec.containers[name="api"]';

    it.each(["kubectl-client-side-apply", "helm", "kubectl-create"])(
      "takes over what %s deployed: what the release does not have goes, and is named",
      async (manager) => {
        await createAs(manager, before());
        const takeovers = await promote(web());
        expect(takeovers).toEqual(
          expect.arrayContaining([
            { field: "spec.replicas", manager },
            { field: `${api}.image`, manager },
            { field: `${api}.env[name="LEGACY_DB_URL"]`, manager },
            { field: `${api}.livenessProbe`, manager },
          ]),
        );
        expect(takeovers).toHaveLength(4);
        expect(await managers(web())).toEqual(["promoter Apply"]);
        expect(recordAt((await live(web()))?.metadata, "annotations")).not.toHaveProperty([
          lastApplied,
        ]);
        const [container] = listAt(await live(web()), "spec", "template", "spec", "containers");
        expect(recordAt(container)).not.toHaveProperty("livenessProbe");
        expect(listAt(container, "env")).toEqual([{ name: "KEPT", value: "1" }]);
      },
    );

    it("takes over what `kubectl apply --server-side` deployed", async () => {
      await succeed({
        method: "PATCH",
        path: `${place(before())}/web?fieldManager=kubectl`,
        body: before({}),
        type: "application/apply-patch+yaml",
      });
      expect(await promote(web())).toHaveLength(3);
      expect(await managers(web())).toEqual(["promoter Apply"]);
    });

    it("needs nothing more at the second look, and writes nothing", async () => {
      await createAs("helm", before());
      await promote(web());
      const first = await live(web());
      expect(await promote(web())).toEqual([]);
      expect((await live(web()))?.metadata.generation).toBe(first?.metadata.generation);
      expect(await managers(web())).toEqual(["promoter Apply"]);
    });

    it("puts everything back as it was", async () => {
      await createAs("kubectl-client-side-apply", before());
      const was = await live(web());
      const { adoption, sets, takeovers } = await look(web());
      const kept = projectOwned(was ?? web(), [
        adoption.ours,
        ...adoption.from.map(({ fields }) => fields),
        sets,
      ]);
      await applyAdopting(web(), target(), takeovers);
      await world.cluster.apply(kept, { dryRun: false, force: false });
      expect(content(await live(web()))).toEqual(content(was));
    });

    it("shows what a person has changed by hand, and overwrites it with the next plan", async () => {
      await promoteFirst();
      const containers = "/spec/template/spec/containers/0";
      await patchAs("kubectl-edit", web(), [
        { op: "replace", path: `${containers}/image`, value: "registry.example/web:hotfix" },
        { op: "add", path: `${containers}/env/-`, value: { name: "DEBUG", value: "1" } },
      ]);
      expect(await promote(web())).toEqual([
        { field: `${api}.env[name="DEBUG"]`, manager: "kubectl-edit" },
        { field: `${api}.image`, manager: "kubectl-edit" },
      ]);
      expect(await managers(web())).toEqual(["promoter Apply"]);
    });

    const promoteFirst = async (spec: object = {}): Promise<void> => {
      await world.cluster.apply(web({}, spec), { dryRun: false, force: false });
    };

    it("overwrites nothing that was written after the plan", async () => {
      await promoteFirst();
      const { takeovers } = await look(web());
      await patchAs("kubectl-set", web(), [
        { op: "replace", path: "/spec/template/spec/containers/0/image", value: "x:1" },
      ]);
      const applying = applyAdopting(web(), target(), takeovers);
      await expect(applying).rejects.toMatchObject({ name: "FieldConflict" });
      await expect(applying).rejects.toThrow(`${api}.image (kubectl-set)`);
      expect(await managers(web())).toEqual(["promoter Apply", "kubectl-set Update"]);
    });

    it("lets the mark of `kubectl rollout restart` stay, so that nothing restarts for it", async () => {
      await promoteFirst();
      await patchAs("kubectl-rollout", web(), [
        {
          op: "add",
          path: "/spec/template/metadata/annotations",
          value: { "kubectl.kubernetes.io/restartedAt": "2026-11-29T10:00:00Z" },
        },
      ]);
      const marked = await live(web());
      expect(await promote(web())).toEqual([]);
      expect((await live(web()))?.["spec"]).toEqual(marked?.["spec"]);
      expect((await live(web()))?.metadata.generation).toBe(marked?.metadata.generation);
    });

    const scaleAs = (manager: string, replicas: number): Promise<unknown> =>
      patchAs(
        manager,
        web(),
        [{ op: "replace", path: "/spec/replicas", value: replicas }],
        "/scale",
      );

    it.each([{ replicas: 2 }, {}])(
      "leaves the replicas to the controller that scales it, the release having %j",
      async (spec) => {
        await createAs("kubectl-client-side-apply", before({ replicas: 2 }));
        await scaleAs("kube-controller-manager", 6);
        const object = web({}, spec);
        const takeovers = await promote(object);
        expect(takeovers.map(({ field }) => field)).not.toContain("spec.replicas");
        expect(await live(object)).toMatchObject({ spec: { replicas: 6 } });
        expect(await look(object)).toMatchObject({ scaledBy: "kube-controller-manager" });
      },
    );

    it("does not let replicas go to 1 that a release leaves to an autoscaler from now on", async () => {
      await promoteFirst({ replicas: 4 });
      await createAs("kubectl-create", autoscaler());
      expect(await promote(web())).toEqual([]);
      expect(await live(web())).toMatchObject({ spec: { replicas: 4 } });
      expect(await promote(web({}, { replicas: 2 }))).toEqual([]);
      expect(await live(web())).toMatchObject({ spec: { replicas: 4 } });
    });

    const autoscaler = (): KubernetesObject => ({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace: world.namespace },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        maxReplicas: 6,
      },
    });

    it("overwrites what a person has scaled", async () => {
      await promoteFirst({ replicas: 2 });
      await scaleAs("kubectl", 7);
      expect(await promote(web({}, { replicas: 2 }))).toEqual([
        { field: "spec.replicas", manager: "kubectl" },
      ]);
      expect(await live(web())).toMatchObject({ spec: { replicas: 2 } });
    });

    it("refuses to take a field from a controller, unless it is forced and was planned", async () => {
      await createAs("argocd-controller", before());
      await expect(look(web())).rejects.toMatchObject({ name: "FieldConflict" });
      await expect(look(web())).rejects.toThrow(`${api}.image (argocd-controller)`);
      const { takeovers, forces } = await look(web(), true);
      expect(forces).toBe(true);
      expect(takeovers).toEqual([{ field: `${api}.image`, manager: "argocd-controller" }]);
      await expect(applyAdopting(web(), target(true), [])).rejects.toMatchObject({
        name: "FieldConflict",
      });
      await applyAdopting(web(), target(true), takeovers);
      expect(await managers(web())).toEqual(["promoter Apply", "argocd-controller Update"]);
    });

    it("refuses a controller's field beside what it could adopt", async () => {
      await createAs("kubectl-create", before());
      await patchAs("operator", web(), [
        { op: "replace", path: "/spec/template/spec/containers/0/image", value: "x:1" },
      ]);
      await expect(look(web())).rejects.toThrow(`.${api}.image (operator)`);
      await expect(look(web())).rejects.not.toThrow("kubectl-create");
    });

    it("adopts an object that has no field managers at all", async () => {
      // Of one that is paused the controller writes no annotation meanwhile.
      await createAs("somebody", before({ replicas: 5, paused: true }));
      await patchAs("somebody", web(), [
        { op: "replace", path: "/metadata/managedFields", value: [{}] },
      ]);
      expect(await managers(web())).toEqual([]);
      const takeovers = await promote(web());
      expect(new Set(takeovers.map(({ manager }) => manager))).toEqual(
        new Set(["before-first-apply"]),
      );
      expect(takeovers.map(({ field }) => field)).toContain(`${api}.env[name="LEGACY_DB_URL"]`);
      expect(await managers(web())).toEqual(["promoter Apply"]);
    });

    it("removes the port of a Service and the keys of a ConfigMap that the release does not have", async () => {
      await createAs(
        "kubectl-client-side-apply",
        service(world.namespace, [{ name: "http", port: 80, targetPort: "http" }]),
      );
      await createAs("kubectl-client-side-apply", settings(world.namespace, { A: "1", B: "2" }));
      await promote(service(world.namespace, [{ name: "http", port: 8080, targetPort: "http" }]));
      expect(await promote(settings(world.namespace, { A: "1" }))).toEqual([
        { field: "data.B", manager: "kubectl-client-side-apply" },
      ]);
    });
  });
}

const content = (object: KubernetesObject | undefined): unknown => ({
  spec: object?.["spec"],
  data: object?.["data"],
  labels: object?.metadata["labels"],
  annotations: Object.entries(recordAt(object?.metadata, "annotations")).filter(
    ([key]) => key !== "deployment.kubernetes.io/revision",
  ),
});

const service = (namespace: string, ports: readonly object[]): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace },
  spec: { selector: { app: "web" }, ports },
});

const settings = (namespace: string, data: object): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "web", namespace },
  data,
});

const plurals: Readonly<Record<string, string>> = {
  ConfigMap: "configmaps",
  Deployment: "deployments",
  HorizontalPodAutoscaler: "horizontalpodautoscalers",
  Service: "services",
};
