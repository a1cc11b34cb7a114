import { realClock } from "@promoter/local-cloud/clock";
import { createClusters } from "@promoter/local-cloud/internal/create-clusters.ts";
import { createWorkspace } from "@promoter/local-cloud/internal/create-workspace.ts";
import { createEcr, type Ecr } from "@promoter/local-cloud/internal/ecr/ecr.ts";
import { createEks } from "@promoter/local-cloud/internal/eks/eks.ts";
import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import type { Kubernetes } from "@promoter/local-cloud/internal/kubernetes/create-kubernetes.ts";
import type { Caller, CloudContext, CloudEvent } from "@promoter/local-cloud/internal/service.ts";
import type { Slack } from "@promoter/local-cloud/internal/slack/create-slack.ts";
import { pushImage } from "@promoter/local-cloud/push-image";
import { parseConfiguration } from "../story/shop.ts";
import { storyImage } from "../story/story-images.ts";
import { account, region } from "./emulator.ts";

/**
 * What the emulator does not have, or not well enough for a promotion: our registry, cluster and
 * workspace, beside it.
 */
export interface Surroundings {
  readonly ecr: Ecr;
  readonly cluster: Kubernetes;
  readonly slack: Slack;
  readonly secret: { readonly botToken: string; readonly signingSecret: string };
  /** What a function needs in its environment to reach them. */
  readonly environment: Readonly<Record<string, string>>;
  push(repository: string, version: string): Promise<string>;
  close(): Promise<void>;
}

export interface SurroundingsOptions {
  /** Gets what the registry would put on the bus. */
  readonly emit: (event: CloudEvent) => void;
  readonly interactivityUrl: string;
}

const login = { user: "AWS", password: "registry-password" };
const secret = { botToken: "xoxb-emulator", signingSecret: "8f742231b10e8888abcd99yyyzzz85a5" };
/** Whoever signs may do everything: roles are judged by the stories. */
const callerOf = (accessKeyId: string | undefined): Caller => ({
  accessKeyId,
  role: undefined,
  functionName: undefined,
});

export async function startSurroundings({
  emit,
  interactivityUrl,
}: SurroundingsOptions): Promise<Surroundings> {
  const { configuration } = await parseConfiguration((yaml) => yaml);
  let origin = "";
  const context: CloudContext = {
    account,
    region,
    clock: realClock,
    origin: () => origin,
    emit,
    track: (work) => work,
  };
  const ecr = createEcr(context, {
    repositories: [{ name: "orderbook-api" }, { name: "orderbook-ui" }],
    credentials: login,
  });
  const slack = createWorkspace(context, {
    ...secret,
    configuration,
    people: [],
    interactivityUrl: () => interactivityUrl,
  });
  const clusters = createClusters(context, {
    configuration,
    ecr,
    callerOf,
    logIn: () => Promise.resolve({ origin, credentials: login }),
  });
  const [[name, cluster] = []] = clusters;
  if (name === undefined || cluster === undefined) {
    throw new Error("promoter.yml names no EKS cluster");
  }
  const eks = createEks(context, {
    clusters: [{ name, endpoint: () => `${origin}/_kubernetes/${name}`, certificateAuthority: "" }],
  });
  const services = [ecr, slack, cluster, eks];
  const gateway = await startGateway({ services: () => services, callerOf });
  origin = gateway.origin;
  return {
    ecr,
    cluster,
    slack,
    secret,
    environment: {
      AWS_ENDPOINT_URL_ECR: origin,
      AWS_ENDPOINT_URL_EKS: origin,
      PROMOTER_SLACK_API: `${origin}/_slack/api`,
      PROMOTER_SLACK_HOOKS: `${origin}/_slack/`,
    },
    push: (repository, version) =>
      pushImage({
        origin,
        repository,
        tag: `dev-${version}`,
        image: storyImage({ repository, version }),
        credentials: login,
      }),
    async close() {
      await gateway.close();
      await Promise.all(services.map((service) => service.close()));
    },
  };
}
