import type { Clock } from "../clock.ts";
import type { Intercept } from "../gateway.ts";
import type { Service } from "../service.ts";
import { awsError } from "./forward.ts";
import { realEcr } from "./real-ecr.ts";
import type { RealPart, RealParts } from "./real-parts.ts";
import { realSlack } from "./real-slack.ts";

export interface Replacing {
  readonly real: RealParts;
  /** Of `real` and of the configuration. */
  readonly parts: readonly RealPart[];
  readonly region: string;
  readonly clock: Clock;
}

/**
 * Puts the user's own parts in the place of simulated ones. The functions keep calling the address
 * of the cloud, so every call is still recorded, judged by the role of its function and never made
 * with more than the role allows; the user's credentials stay out of them.
 */
export function replaceServices(
  services: readonly Service[],
  { real, parts, region, clock }: Replacing,
): readonly Service[] {
  return services.map((service) => {
    if (service.name === "ecr" && real.ecr) {
      return realEcr(service, { ecr: real.ecr, region, clock });
    }
    if (service.name === "slack" && real.slack) return realSlack(service, real.slack);
    return parts.length > 0 && closed.has(service.name) ? forFunctionsOnly(service) : service;
  });
}

/**
 * Who writes the table approves, who reads the secret signs clicks: nothing for every program of
 * the machine once that counts.
 */
const closed: ReadonlySet<string> = new Set(["dynamodb", "secrets-manager"]);

function forFunctionsOnly(service: Service): Service {
  const refusal = awsError(400, {
    code: "AccessDeniedException",
    message: `a part of this local cloud is real, so its ${service.name} answers the functions alone`,
  });
  return {
    ...service,
    handle: (request) =>
      request.caller.role === undefined ? Promise.resolve(refusal) : service.handle(request),
  };
}

/**
 * With a real part behind it the address of the cloud is for this machine: not for a tunnel, and
 * not for a web page under another name.
 */
export function fromThisMachine(intercept: Intercept): Intercept {
  return (call, next) =>
    isFromHere(call.request.headers)
      ? intercept(call, next)
      : Promise.resolve({
          status: 403,
          body: "only this machine may call this address; point a tunnel for Slack at its callback address\n",
        });
}

/** Tunnels keep the public name, and those that do not say whom they speak for. */
function isFromHere(headers: Readonly<Record<string, string>>): boolean {
  const isProxied = ["forwarded", "x-forwarded-for", "x-forwarded-host"].some(
    (name) => headers[name] !== undefined,
  );
  return !isProxied && /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(headers["host"] ?? "");
}
