import * as z from "zod";
import { ecrTargetPrefix } from "../ecr/json/target-prefix.ts";
import { parseJson } from "../json-value.ts";
import type { ServiceResponse } from "../service.ts";
import { callEcr, type EcrPlace } from "./call-ecr.ts";
import { forward } from "./forward.ts";
import type { RealSlack } from "./real-parts.ts";

/** What a look at a real part, which changes nothing there, came to. */
export type Checked =
  /** For people: who it is. */
  | { readonly kind: "ok"; readonly found: string }
  | { readonly kind: "unreachable" | "refused"; readonly message: string };

/** "The number of repositories … 1 to 100" (API reference, DescribeRepositories). */
const maxRepositories = 100;

/** Whether the registry answers, takes the user's credentials and has the repositories. */
export async function checkEcr(
  place: EcrPlace,
  { account, repositories }: { readonly account: string; readonly repositories: readonly string[] },
): Promise<Checked> {
  for (let first = 0; first < repositories.length; first += maxRepositories) {
    const body = Buffer.from(
      JSON.stringify({
        registryId: account,
        repositoryNames: repositories.slice(first, first + maxRepositories),
      }),
    );
    const answer = await callEcr(place, { target: `${ecrTargetPrefix}DescribeRepositories`, body });
    if (answer.status !== 200) {
      return failure(
        answer,
        `looking up ${repositories.join(", ")} in the real ECR at ${place.ecr.endpoint}`,
      );
    }
  }
  return { kind: "ok", found: `registry ${account}` };
}

const awsProblem = z.object({
  __type: z.string().default("an error"),
  message: z.string().default(""),
});

function failure({ status, body = "" }: ServiceResponse, doing: string): Checked {
  const { __type: type, message } = awsProblem
    .catch({ __type: `HTTP ${status}`, message: "" })
    .parse(json(body));
  const text = `${doing}: got ${type.replace(/^.*#/, "")}${message === "" ? "" : `: ${message}`}`;
  const isTransient = status === 429 || status >= 500 || type.includes("Throttl");
  return { kind: isTransient ? "unreachable" : "refused", message: text };
}

const identity = z.object({ ok: z.literal(true), team: z.string(), user: z.string() });
const slackError = z.object({ ok: z.literal(false), error: z.string() });

/** Whether the workspace answers and takes the token (docs.slack.dev, auth.test). */
export async function checkSlack({ api, botToken }: RealSlack): Promise<Checked> {
  const url = new URL(`${api.replace(/\/$/, "")}/auth.test`);
  const { status, body = "" } = await forward({
    part: "Slack",
    url,
    init: { method: "POST", headers: { authorization: `Bearer ${botToken}` } },
  });
  const answer = json(body);
  const known = identity.safeParse(answer);
  if (status === 200 && known.success) {
    return { kind: "ok", found: `workspace ${known.data.team}, as ${known.data.user}` };
  }
  const refused = slackError.safeParse(answer);
  if (status === 200 && refused.success) {
    return {
      kind: "refused",
      message: `asking Slack at ${api} who we are: got ${refused.data.error}; store a valid bot token`,
    };
  }
  return failure({ status, body }, `asking Slack at ${api} who we are`);
}

function json(body: string | Uint8Array): unknown {
  return parseJson(Buffer.from(body).toString("utf8"));
}
