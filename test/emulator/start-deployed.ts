import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { CloudEvent } from "@promoter/local-cloud/internal/service.ts";
import type { ShownPromotion } from "../../src/promotion/operations/show-promotion.ts";
import { deployStack, type DeployedStack } from "./deploy-stack.ts";
import { deployedFunctions, type DeployedFunctions } from "./deployed-functions.ts";
import { deployedWorkflow, type DeployedWorkflow } from "./deployed-workflow.ts";
import { clientSettings, emulatorOrigin } from "./emulator.ts";
import { startSurroundings, type Surroundings } from "./surroundings.ts";
import { until } from "./until.ts";

/** The stack in the emulator, with a registry, a cluster and a workspace beside it. */
export interface Deployed {
  readonly stack: DeployedStack;
  readonly functions: DeployedFunctions;
  readonly workflow: DeployedWorkflow;
  readonly around: Surroundings;
  /** Of the function URL, as this machine reaches it. */
  readonly callback: string;
  /** Pushes both members; the promotion that this started. */
  release(version: string): Promise<string>;
  /** As soon as people were asked about it. */
  asked(promotion: string): Promise<ShownPromotion>;
  click(promotion: string, choice: "approve" | "reject"): Promise<void>;
  /** As soon as it has ended, and that was announced. */
  ended(promotion: string): Promise<ShownPromotion>;
  close(): Promise<void>;
}

export async function startDeployed(): Promise<Deployed> {
  const stack = await deployStack();
  const {
    StateMachineArn: machine = "",
    SlackInteractivityUrl: url = "",
    SlackSecretArn: secretId = "",
  } = stack.outputs;
  // The emulator answers a function URL below a path too, so that nobody needs to resolve its name.
  const callback = `${emulatorOrigin()}/_aws/lambda-url/${new URL(url).hostname.split(".")[0]}/`;
  const around = await startSurroundings({
    emit: (event) => void putEvent(event),
    interactivityUrl: callback,
  });
  const functions = deployedFunctions();
  await functions.addEnvironment(around.environment);
  await storeSecret(secretId, around.secret);
  return deployedOf({ stack, functions, workflow: deployedWorkflow(machine), around, callback });
}

function deployedOf(
  parts: Pick<Deployed, "stack" | "functions" | "workflow" | "around" | "callback">,
): Deployed {
  const { functions, workflow, around } = parts;
  const show = async (promotion: string): Promise<ShownPromotion> =>
    (await functions.invoke("show-promotion", { promotion })) as ShownPromotion;
  const shownOnce = (
    promotion: string,
    isSo: (shown: ShownPromotion) => boolean,
  ): Promise<ShownPromotion> =>
    until(async () => {
      const shown = await show(promotion);
      return isSo(shown) ? shown : undefined;
    });
  return {
    ...parts,
    async release(version) {
      const known = await workflow.promotions();
      for (const repository of ["orderbook-api", "orderbook-ui"]) {
        await around.push(repository, version);
      }
      const started = await until(async () =>
        (await workflow.promotions()).find((one) => !known.includes(one)),
      );
      // Its first step opens its record.
      await until(() =>
        show(started).catch((error: unknown) =>
          String(error).includes("there is no promotion") ? undefined : Promise.reject(error),
        ),
      );
      return started;
    },
    asked: (promotion) =>
      shownOnce(
        promotion,
        ({ approval }) => approval?.state === "pending" && approval.message !== undefined,
      ),
    async click(promotion, choice) {
      const { approval } = await show(promotion);
      if (!approval?.message) throw new Error(`nobody was asked about ${promotion}`);
      await around.slack.click({
        user: approval.approvers[0] ?? "",
        channel: approval.message.channel,
        ts: approval.message.id,
        actionId: `promoter_${choice}`,
      });
    },
    ended: (promotion) => shownOnce(promotion, (shown) => shown.promotion.announced),
    async close() {
      functions.close();
      workflow.close();
      await around.close();
    },
  };
}

/** Puts an event on the bus, as a service of AWS would. */
export async function putEvent({
  source,
  "detail-type": detailType,
  resources,
  detail,
}: CloudEvent): Promise<void> {
  const client = new EventBridgeClient(clientSettings());
  const entry = {
    Source: source,
    DetailType: detailType,
    Resources: [...resources],
    Detail: JSON.stringify(detail),
  };
  const { FailedEntryCount = 0, Entries } = await client.send(
    new PutEventsCommand({ Entries: [entry] }),
  );
  client.destroy();
  if (FailedEntryCount > 0) {
    throw new Error(`the emulator did not take an event: ${JSON.stringify(Entries)}`);
  }
}

async function storeSecret(secretId: string, value: object): Promise<void> {
  const client = new SecretsManagerClient(clientSettings());
  await client.send(
    new PutSecretValueCommand({ SecretId: secretId, SecretString: JSON.stringify(value) }),
  );
  client.destroy();
}
