import * as z from "zod";
import { ecrTargetPrefix } from "../ecr/json/target-prefix.ts";
import type { Service, ServiceRequest } from "../service.ts";
import { callEcr, type EcrPlace } from "./call-ecr.ts";
import { awsError } from "./forward.ts";

/**
 * The user's own ECR in place of the simulated one. Only calls of functions are sent on, and only
 * when the simulated service knows what they do: what has no operation was not judged by the role
 * of the function, and the user's credentials may do more than any role.
 */
export function realEcr(simulated: Service, place: EcrPlace): Service {
  return {
    ...simulated,
    handle(request) {
      const target = request.headers["x-amz-target"] ?? "";
      if (isJudged(simulated, request) && target.startsWith(ecrTargetPrefix)) {
        return callEcr(place, { target, body: request.body });
      }
      return Promise.resolve(
        awsError(403, {
          code: "AccessDeniedException",
          message: `ECR is real here, at ${place.ecr.endpoint}: push to it with your own credentials`,
        }),
      );
    },
  };
}

function isJudged(simulated: Service, request: ServiceRequest): boolean {
  return request.caller.role !== undefined && simulated.operation(request) !== undefined;
}

const authorization = z.object({
  authorizationData: z.tuple([
    z.object({ authorizationToken: z.string(), proxyEndpoint: z.string() }),
  ]),
});

export interface RegistryLogin {
  readonly origin: string;
  readonly credentials: { readonly user: string; readonly password: string };
}

/**
 * Logs in as a node of a cluster does: the token is `AWS:<password>` in base64 (API reference,
 * GetAuthorizationToken).
 */
export async function logInToEcr(place: EcrPlace): Promise<RegistryLogin> {
  const { status, body = "" } = await callEcr(place, {
    target: `${ecrTargetPrefix}GetAuthorizationToken`,
    body: Buffer.from("{}"),
  });
  const text = Buffer.from(body).toString("utf8");
  if (status !== 200) {
    throw new Error(
      `logging in to the real ECR: expected an authorization token, got HTTP ${status}`,
    );
  }
  const {
    authorizationData: [{ authorizationToken, proxyEndpoint }],
  } = authorization.parse(JSON.parse(text));
  const [user = "", password = ""] = Buffer.from(authorizationToken, "base64")
    .toString("utf8")
    .split(/:(.*)/s);
  return { origin: proxyEndpoint.replace(/\/$/, ""), credentials: { user, password } };
}
