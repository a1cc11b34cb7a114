import type { Configuration } from "../configuration.ts";

/**
 * Parts of the user's own that take the place of simulated ones. A cluster with `{ context }` in
 * promoter.yml is real besides.
 */
export interface RealParts {
  readonly slack?: RealSlack;
  readonly ecr?: RealEcr;
}

export interface RealSlack {
  /** `https://slack.com/api` */
  readonly api: string;
  /** `https://hooks.slack.com/`: where answers to clicks are sent. */
  readonly hooks: string;
  readonly botToken: string;
  readonly signingSecret: string;
  /** Port of the callback door; 0 takes a free one. */
  readonly callbackPort: number;
}

export interface RealEcr {
  /** `https://api.ecr.eu-west-1.amazonaws.com`, or that of an emulator. */
  readonly endpoint: string;
  /** The user's own, asked for each call. */
  readonly credentials: () => Promise<AwsCredentials>;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** One real part, without anything secret. */
export type RealPart =
  | { readonly kind: "ecr"; readonly endpoint: string }
  | { readonly kind: "slack"; readonly api: string }
  | { readonly kind: "cluster"; readonly name: string; readonly context: string };

/** Everything of a local cloud that is not simulated. */
export function realPartsOf(
  { clusters }: Pick<Configuration, "clusters">,
  { ecr, slack }: RealParts,
): readonly RealPart[] {
  return [
    ...(ecr ? [{ kind: "ecr", endpoint: ecr.endpoint } as const] : []),
    ...(slack ? [{ kind: "slack", api: slack.api } as const] : []),
    ...Object.entries(clusters).flatMap(([name, address]) =>
      address.kind === "context"
        ? [{ kind: "cluster", name, context: address.context } as const]
        : [],
    ),
  ];
}

/**
 * What the functions read as the Slack secret; undefined: the simulated workspace has one of its
 * own.
 */
export function slackSecret({
  slack,
}: RealParts): { readonly botToken: string; readonly signingSecret: string } | undefined {
  return slack && { botToken: slack.botToken, signingSecret: slack.signingSecret };
}
