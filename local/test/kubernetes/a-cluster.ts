import { createActivity } from "../../activity.ts";
import { virtualClock, type VirtualClock } from "../../clock.ts";
import { startGateway } from "../../gateway.ts";
import {
  createKubernetes,
  type Kubernetes,
  type KubernetesOptions,
} from "../../kubernetes/create-kubernetes.ts";

export interface Answered {
  readonly code: number;
  readonly body: Body;
  readonly warning: string | null;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a JSON document of any kind, which the tests walk
type Body = any;

export interface ACluster {
  readonly kubernetes: Kubernetes;
  readonly clock: VirtualClock;
  readonly server: string;
  send(
    method: string,
    path: string,
    rest?: { body?: unknown; type?: string; token?: string; agent?: string },
  ): Promise<Answered>;
  apply(object: Body, query?: string): Promise<Answered>;
  /** Lets the clock run, work of promises included. */
  advance(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

export async function aCluster(options: Partial<KubernetesOptions> = {}): Promise<ACluster> {
  const clock = virtualClock();
  const activity = createActivity();
  const context = {
    account: "111122223333",
    region: "eu-west-1",
    clock,
    origin: () => "http://127.0.0.1",
    emit: () => undefined,
    track: <T>(work: Promise<T>) => activity.track(work),
  };
  const kubernetes = createKubernetes(context, {
    cluster: "test",
    pullImage: () => Promise.resolve({ kind: "ok" }),
    ...options,
  });
  const gateway = await startGateway({ services: () => [kubernetes] });
  const server = `${gateway.origin}/_kubernetes/test`;
  const send: ACluster["send"] = async (method, path, rest = {}) => {
    const headers = {
      ...(rest.body === undefined ? {} : { "content-type": rest.type ?? "application/json" }),
      ...(rest.token === undefined ? {} : { authorization: `Bearer ${rest.token}` }),
      "user-agent": rest.agent ?? "tests/1.0 (linux)",
    };
    const body = typeof rest.body === "string" ? rest.body : JSON.stringify(rest.body);
    const response = await fetch(`${server}${path}`, {
      method,
      headers,
      ...(rest.body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      code: response.status,
      body: text.startsWith("{") ? JSON.parse(text) : text,
      warning: response.headers.get("warning"),
    };
  };
  return {
    kubernetes,
    clock,
    server,
    send,
    apply: (object, query = "fieldManager=promoter") =>
      send("PATCH", `${pathOf(object)}?${query}`, {
        body: object,
        type: "application/apply-patch+yaml",
      }),
    async advance(milliseconds) {
      const until = clock.now() + milliseconds;
      await activity.idle();
      for (let next = clock.next(); next !== undefined && next <= until; next = clock.next()) {
        clock.advanceTo(next);
        await activity.idle();
      }
      clock.advanceTo(until);
    },
    async stop() {
      await gateway.close();
      await kubernetes.close();
    },
  };
}

const plurals: Record<string, string> = {
  Deployment: "deployments",
  Service: "services",
  ConfigMap: "configmaps",
  Namespace: "namespaces",
};

export function pathOf({ apiVersion, kind, metadata }: Body): string {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const place = kind === "Namespace" ? "" : `/namespaces/${metadata.namespace ?? "default"}`;
  return `${root}${place}/${plurals[kind]}/${metadata.name}`;
}

export const deploymentPath = "/apis/apps/v1/namespaces/default/deployments/web";

/** A Deployment `web` with one container `app`, changed by `spec` and `container`. */
export function aDeployment({
  spec = {},
  container = {},
}: { spec?: object; container?: object } = {}): Body {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "app", image: "registry.example/web:1.0.0", ...container }] },
      },
      ...spec,
    },
  };
}

export function aConfigMap(data: Record<string, string>): Body {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "default" },
    data,
  };
}
