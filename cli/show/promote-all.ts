import type { LocalCloud } from "@promoter/local-cloud";
import type { RealParts } from "@promoter/local-cloud/real-parts";
import type { Application } from "../../src/domain/configuration.ts";
import { localConnection } from "../connection.ts";
import type { LocalState } from "../local-state.ts";
import type { Terminal } from "../terminal.ts";
import type { Answers } from "./ask-person.ts";
import { nameOf, type Awaited } from "./awaited.ts";
import { followAll, type Followed, type Follower } from "./follow-all.ts";
import { createPrompter, type Keyboard } from "./prompter.ts";
import { firstVersion, pushRelease, startedBy } from "./push-release.ts";
import type { SkippedPushes } from "./skipped-pushes.ts";

export interface Showing {
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

export interface ShowResult extends Followed {
  /** What stopped it before every promotion that the pushes started had ended. */
  readonly interrupted: NodeJS.Signals | undefined;
}

/**
 * Pushes a release of every application, shows how they are promoted, and stays for more unless
 * `once`.
 */
export async function promoteAll(showing: Showing, terminal: Terminal): Promise<ShowResult> {
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
  } = answersOf(showing, { terminal, onInterrupt: () => interrupt("SIGINT") });
  try {
    const follower = followAll(
      { ...showing, connection: localConnection(showing.state), answers, signal: stop.signal },
      shown,
    );
    return await follow(showing, { follower, terminal: shown, stop, signal: () => signal });
  } finally {
    close();
  }
}

interface Following {
  readonly follower: Follower;
  readonly terminal: Terminal;
  readonly stop: AbortController;
  readonly signal: () => NodeJS.Signals | undefined;
}

async function follow(
  { cloud, real, once, push, applications }: Showing,
  { follower, terminal, stop, signal }: Following,
): Promise<ShowResult> {
  const pushed = push && !real.ecr ? applications : [];
  const awaited = awaitedOf(pushed);
  const registry = { origin: cloud.origin, credentials: cloud.registryCredentials };
  for (const application of pushed) {
    await pushRelease(
      { registry, application, version: firstVersion(application), signal: stop.signal },
      terminal,
    );
  }
  if (once && !stop.signal.aborted) {
    terminal.line(
      terminal.style(
        "dim",
        `\nWaiting for the end of ${awaited.map(nameOf).join(", ")}, and leaving then (--once).`,
      ),
    );
  }
  const followed = await follower.all(awaited);
  if (!once && !stop.signal.aborted) {
    terminal.line(
      `The cloud stays up: ${real.ecr ? "promote with 'npm run promoter -- promote'" : "push images, for example with 'npm run push'"}, or press Ctrl-C to stop.`,
    );
    await follower.untilStopped();
  }
  stop.abort();
  await follower.untilStopped();
  return { ...followed, interrupted: followed.open.length > 0 ? signal() : undefined };
}

/** One for each environment that a push alone gets into. */
function awaitedOf(applications: readonly Application[]): readonly Awaited[] {
  return applications.flatMap((application) => {
    const version = firstVersion(application);
    return startedBy(application, version).map((environment) => ({
      application: application.name,
      version,
      environment,
    }));
  });
}

interface Asked {
  readonly answers: Answers;
  readonly terminal: Terminal;
  readonly close: () => void;
}

function answersOf(
  { real, yes, keyboard }: Showing,
  { terminal, onInterrupt }: { readonly terminal: Terminal; readonly onInterrupt: () => void },
): Asked {
  if (real.slack || yes) {
    return { answers: real.slack ? "in Slack" : "by itself", terminal, close: () => undefined };
  }
  const prompter = createPrompter({ terminal, ...keyboard, onInterrupt });
  return { answers: prompter, terminal: prompter.terminal, close: () => prompter.close() };
}
