import type { Clock } from "@promoter/local-cloud/clock";
import { createEcr, type Ecr } from "@promoter/local-cloud/internal/ecr/ecr.ts";
import { startGateway } from "@promoter/local-cloud/internal/gateway.ts";
import type { CloudContext, ServiceRequest } from "@promoter/local-cloud/internal/service.ts";
import type { ClickOutcome } from "@promoter/local-cloud/internal/slack/click-button.ts";
import { createSlack, type Slack } from "@promoter/local-cloud/internal/slack/create-slack.ts";
import { pushImage } from "@promoter/local-cloud/push-image";
import type { RealEcr, RealSlack } from "@promoter/local-cloud/real-parts";
import { onTestFinished } from "vitest";
import { storyImage } from "./story-images.ts";

/** A registry and a workspace outside of the local cloud, which play the user's own. */
export interface Outside {
  readonly origin: string;
  readonly slackParts: RealSlack;
  readonly ecrParts: RealEcr;
  readonly ecr: Ecr;
  readonly slack: Slack;
  /** What reached it. */
  readonly requests: readonly ServiceRequest[];
  /** Everything that must be told nowhere. */
  readonly secrets: readonly string[];
  push(repository: string, tag: string): Promise<string>;
  /** Somebody presses Approve below the first message of #releases. */
  approve(user: string): Promise<ClickOutcome>;
  /** Where the workspace sends clicks from now on. */
  setInteractivityUrl(url: string): void;
  /** Forgets what reached it. */
  clear(): void;
  close(): Promise<void>;
}

const keys = {
  accessKeyId: "AKIAREALPERSON",
  secretAccessKey: "real-secret-access-key",
  sessionToken: "real-session-token",
};
const app = { botToken: "xoxb-real-0123456789", signingSecret: "0123456789abcdef0123456789abcdef" };
const login = { user: "AWS", password: "real-registry-password" };

export async function startOutside(clock: Clock): Promise<Outside> {
  const requests: ServiceRequest[] = [];
  let origin = "";
  let interactivityUrl = "";
  const context: CloudContext = {
    account: "111122223333",
    region: "eu-west-1",
    clock,
    origin: () => origin,
    emit: () => undefined,
    track: (work) => work,
  };
  const ecr = createEcr(context, {
    repositories: [{ name: "orderbook-api" }, { name: "orderbook-ui" }],
    credentials: login,
  });
  const slack = createSlack(context, {
    ...app,
    interactivityUrl: () => interactivityUrl,
    users: [
      { id: "U012AB3CD", name: "ada" },
      { id: "U9STRANGER", name: "eve" },
    ],
    channels: [{ id: "C0REALRELEASES", name: "releases" }],
  });
  const gateway = await startGateway({
    services: () => [ecr, slack],
    intercept: ({ request }, next) => {
      requests.push(request);
      return next();
    },
  });
  origin = gateway.origin;
  onTestFinished(() => gateway.close());
  return {
    origin,
    ecr,
    slack,
    requests,
    slackParts: {
      ...app,
      api: `${origin}/_slack/api`,
      hooks: `${origin}/_slack/`,
      callbackPort: 0,
    },
    ecrParts: { endpoint: origin, credentials: () => Promise.resolve(keys) },
    secrets: [
      app.botToken,
      app.signingSecret,
      keys.secretAccessKey,
      keys.sessionToken,
      login.password,
    ],
    push: (repository, tag) =>
      pushImage({
        origin,
        repository,
        tag,
        image: storyImage({ repository, version: tag }),
        credentials: login,
      }),
    approve(user) {
      const ts = slack.messages("C0REALRELEASES")[0]?.["ts"];
      return slack.click({
        user,
        channel: "C0REALRELEASES",
        ts: typeof ts === "string" ? ts : "",
        actionId: "promoter_approve",
      });
    },
    setInteractivityUrl: (url) => {
      interactivityUrl = url;
    },
    clear: () => {
      requests.length = 0;
    },
    close: () => gateway.close(),
  };
}
