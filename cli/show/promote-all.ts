import type { LocalCloud } from "@promoter/local-cloud";
import type { RealParts } from "@promoter/local-cloud/real-parts";
import type { Application } from "../../src/domain/configuration.ts";
import { localConnection } from "../connection.ts";
import type { LocalState } from "../local-state.ts";
import type { Terminal } from "../terminal.ts";
import type { Answers } from "./ask-person.ts";
import { promotionLabel, type ExpectedPromotion } from "./expected-promotion.ts";
import { followAll, type Follower } from "./follow-all.ts";
import type { FollowResult } from "./outcomes.ts";
import { createPrompter, type Keyboard } from "./prompter.ts";
import { firstVersion, pushRelease } from "./push-release.ts";
import type { SkippedPushes } from "./skipped-pushes.ts";

export interface ShowContext {
  readonly cloud: LocalCloud;
  readonly state: LocalState;
  readonly real: RealParts;
  readonly keyboard: Keyboard;
  readonly once: boolean;
  readonly yes: boolean;
  readonly verbose: boolean;
  /** A first release of every application. */
  readonly push: boolean;
  readonly skipped: SkippedPushes;
  readonly applications: readonly Application[];
}

export interface ShowResult extends FollowResult {
  /** What stopped the show before every promotion that the pushes started had ended. */
  readonly interrupted: NodeJS.Signals | undefined;
  /** Applications for which no first version fits any environment. */
  readonly unpromotable: readonly string[];
}

/**
 * Pushes a release of every application, shows how they are promoted, and stays for more unless
 * `once`.
 */
export async function promoteAll(context: ShowContext, terminal: Terminal): Promise<ShowResult> {
  const stop = new AbortController();
  let signal: NodeJS.Signals | undefined;
  const interrupt = (name: NodeJS.Signals): void => {
    signal ??= name;
    stop.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGPIPE"] as const) process.once(name, interrupt);
  const {
    answers,
    terminal: shown,
    close,
  } = answersOf(context, { terminal, onInterrupt: () => interrupt("SIGINT") });
  try {
    const follower = followAll(
      { ...context, connection: localConnection(context.state), answers, signal: stop.signal },
      shown,
    );
    const result = await pushAndFollow(context, { follower, terminal: shown }, stop);
    return { ...result, interrupted: result.open.length > 0 ? signal : undefined };
  } finally {
    close();
  }
}

/** Pushes the first releases and waits for what they start, then for more or for the end. */
async function pushAndFollow(
  context: ShowContext,
  { follower, terminal }: { readonly follower: Follower; readonly terminal: Terminal },
  stop: AbortController,
): Promise<Omit<ShowResult, "interrupted">> {
  const { real, once } = context;
  const { expected, unpromotable } = await pushFirstReleases(context, terminal, stop.signal);
  if (once && expected.length > 0 && !stop.signal.aborted) {
    const labels = expected.map(promotionLabel).join(", ");
    const note = `\nWaiting for ${labels} to end, then exiting (--once).`;
    terminal.line(terminal.style("dim", note));
  }
  const result = await follower.all(expected);
  if (!once && !stop.signal.aborted) {
    const more = real.ecr
      ? "promote with 'npm run promoter -- promote'"
      : "push images, for example with 'npm run push'";
    terminal.line(`The cloud stays up: ${more}, or press Ctrl-C to stop.`);
    await follower.untilStopped();
  }
  stop.abort();
  await follower.untilStopped();
  return { ...result, unpromotable };
}

/** One promotion is expected for each environment that the push alone gets into. */
async function pushFirstReleases(
  { cloud, real, push, applications }: ShowContext,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<{
  readonly expected: readonly ExpectedPromotion[];
  readonly unpromotable: readonly string[];
}> {
  const expected: ExpectedPromotion[] = [];
  const unpromotable: string[] = [];
  const registry = { origin: cloud.origin, credentials: cloud.registryCredentials };
  for (const application of push && !real.ecr ? applications : []) {
    const { name } = application;
    const first = firstVersion(application);
    if (first.kind === "none") {
      unpromotable.push(name);
      const more = `push what it takes with \`npm run push -- ${name} <version>\``;
      const why = `nothing of ${name} is pushed: ${first.reason}; ${more}`;
      terminal.line(`${terminal.style("yellow", "skip")}  ${why}`);
      continue;
    }
    const { version, environments } = first;
    await pushRelease({ registry, application, version, signal }, terminal);
    for (const environment of environments) {
      expected.push({ application: name, version, environment });
    }
  }
  return { expected, unpromotable };
}

/** Who answers, and the terminal above the question if one is asked. */
function answersOf(
  { real, yes, keyboard }: ShowContext,
  { terminal, onInterrupt }: { readonly terminal: Terminal; readonly onInterrupt: () => void },
): { readonly answers: Answers; readonly terminal: Terminal; readonly close: () => void } {
  if (real.slack || yes) {
    return { answers: real.slack ? "in Slack" : "by itself", terminal, close: () => undefined };
  }
  const prompter = createPrompter({ terminal, ...keyboard, onInterrupt });
  return { answers: prompter, terminal: prompter.terminal, close: () => prompter.close() };
}
