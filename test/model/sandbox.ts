import { AsyncLocalStorage } from "node:async_hooks";
import type { LambdaReply } from "@promoter/local-cloud/internal/invocation.ts";
import { PromoterError, type ErrorName } from "../../src/domain/errors.ts";
import type { CallFault, PortCall } from "./chances.ts";
import type { Draw } from "./draws.ts";
import type { Timeline } from "./timeline.ts";

/** A function at work, in a container of its own. */
export interface Guest {
  /** The same in every run of a schedule. */
  readonly key: string;
  /** Its name, such as `RetagImages`. */
  readonly step: string;
  /** What it is about: a promotion, or nothing. */
  readonly promotion: string | undefined;
  readonly startedAt: number;
  /** When Lambda ends it, epoch milliseconds. */
  readonly deadline: number;
}

/** One call of a guest as it takes effect. */
export interface Effect {
  readonly guest: Guest;
  readonly port: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly result: unknown;
}

interface FaultCall extends PortCall {
  readonly key: string;
}

export interface SandboxWorld {
  readonly timeline: Timeline;
  /** What befalls this call. */
  readonly faultOf: (
    call: FaultCall,
  ) => { readonly kind: CallFault; readonly draw: Draw } | undefined;
  /** How fast this world answers. */
  readonly pace: Draw;
  /** How long something that is held up is held up: from, to, milliseconds. */
  readonly hold: readonly [number, number];
  readonly isDown: (port: string) => boolean;
  /**
   * How long a container that has answered in the middle of something stands still until it goes
   * on; undefined: for ever.
   */
  readonly thawOf: (guest: Guest) => number | undefined;
  readonly onEffect: (effect: Effect) => void;
  readonly log: (line: string) => void;
}

export interface Sandbox {
  /**
   * The same port, reached from within this container. `permit` is asked right before a request is
   * sent, as the clients ask it.
   */
  reach<Port extends object>(name: string, port: Port, permit: () => AbortSignal | undefined): Port;
  /** What the function has in the place of `process.exit(1)`. */
  exit(): void;
  /** What it has in the place of a timer. */
  pause(milliseconds: number): Promise<void>;
  /** Resolves with what the caller of the function hears. */
  run(work: () => Promise<unknown>): Promise<LambdaReply>;
}

interface Host {
  readonly guest: Guest;
  readonly world: SandboxWorld;
  /**
   * `frozen`: it has answered, and whatever it still has in hand stands still until the container
   * is used again.
   */
  state: "running" | "frozen" | "gone";
  calls: number;
  /** Calls that nobody has answered yet. */
  readonly open: Set<Placed>;
  /** What goes on when it is thawed. */
  waiting: (() => void)[];
  hear: (reply: LambdaReply) => void;
}

export function openSandbox(guest: Guest, world: SandboxWorld): Sandbox {
  const host: Host = {
    guest,
    world,
    state: "running",
    calls: 0,
    open: new Set(),
    waiting: [],
    hear: () => undefined,
  };
  return {
    reach: (name, port, permit) => reached(host, port, { name, permit }),
    pause: (milliseconds) =>
      new Promise((resolve) => world.timeline.after(milliseconds, () => within(host, resolve))),
    exit: () => end(host, "Runtime exited with error: exit status 1"),
    run: (work) =>
      new Promise((resolve) => {
        host.hear = resolve;
        world.timeline.at(guest.deadline, () => runOut(host));
        work().then(
          (payload) => answered(host, { kind: "ok", payload: payload ?? null }),
          (error: unknown) => answered(host, failureOf(error)),
        );
      }),
  };
}

function answered(host: Host, reply: LambdaReply): void {
  const { guest, world } = host;
  host.hear(reply);
  host.state = "frozen";
  if (host.open.size === 0) return;
  const thaw = world.thawOf(guest);
  world.log(
    `${guest.key} has answered with ${host.open.size} calls in hand${thaw === undefined ? "" : `, and goes on ${thaw} ms later`}`,
  );
  if (thaw !== undefined) world.timeline.after(thaw, () => goOn(host));
}

function goOn(host: Host): void {
  host.world.log(`${host.guest.key} goes on`);
  host.state = "running";
  for (const action of host.waiting.splice(0)) action();
}

/** Lambda ends what has not answered by then. */
function runOut(host: Host): void {
  if (host.state === "running" && host.guest.deadline <= host.world.timeline.now()) {
    end(host, "Task timed out", "Sandbox.Timedout");
  }
}

function end(host: Host, why: string, errorType = "Runtime.ExitError"): void {
  if (host.state === "gone") return;
  host.world.log(`${host.guest.key} ends: ${why}`);
  host.state = "gone";
  host.world.timeline.after(50, () => host.hear({ kind: "error", errorType, errorMessage: why }));
}

function failureOf(error: unknown): LambdaReply {
  const { name, message } =
    error instanceof Error ? error : { name: "Error", message: String(error) };
  return { kind: "error", errorType: name, errorMessage: message };
}

/** Within the container: at once, when it is thawed, or never. */
function within(host: Host, action: () => void): void {
  if (host.state === "running") action();
  if (host.state === "frozen") host.waiting.push(action);
}

interface Reaching {
  readonly name: string;
  readonly permit: () => AbortSignal | undefined;
}

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * A function asks a few of the hundred methods that it is given, so each is made when it is asked
 * for.
 */
function reached<Port extends object>(host: Host, port: Port, { name, permit }: Reaching): Port {
  const get = (_: Port, method: string | symbol): unknown => {
    const act = Reflect.get(port, method) as Method | undefined;
    return typeof act === "function"
      ? (...args: readonly unknown[]) =>
          call(host, { port: name, method: String(method), args, permit, act: () => act(...args) })
      : undefined;
  };
  return new Proxy(port, { get });
}

interface Call {
  readonly port: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly permit: Reaching["permit"];
  readonly act: () => Promise<unknown>;
}

interface Placed {
  readonly host: Host;
  readonly made: Call;
  /** The surroundings of the call, by which it is known to which run of the function it belongs. */
  readonly there: <Result>(work: () => Result) => Result;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

function call(host: Host, made: Call): Promise<unknown> {
  host.calls += 1;
  const fault = host.world.faultOf({
    key: `${host.guest.key}/${host.calls}`,
    step: host.guest.step,
    port: made.port,
    method: made.method,
  });
  const there = AsyncLocalStorage.snapshot();
  return new Promise((resolve, reject) => {
    const placed: Placed = {
      host,
      made,
      there,
      resolve: over(() => placed, resolve),
      reject: over(() => placed, reject),
    };
    host.open.add(placed);
    within(host, () => place(placed, fault));
  });
}

/** Whatever an answer comes to, nobody waits for it any more. */
function over(placed: () => Placed, tell: (outcome: unknown) => void): (outcome: unknown) => void {
  return (outcome) => {
    const {
      host: { open },
    } = placed();
    if (open.delete(placed())) tell(outcome);
  };
}

/** The client waits so long for two tries in vain. */
const patience = 5_000;
/** What a client gave up may take effect on the other side for so long. */
const inFlight = 9_500;

function place(placed: Placed, fault: ReturnType<SandboxWorld["faultOf"]>): void {
  const {
    host,
    host: {
      world: { timeline, pace, hold },
    },
  } = placed;
  const way = pace.whole(2, 30);
  if (!fault) return send(placed, () => respond(placed, way));
  const { kind, draw } = fault;
  switch (kind) {
    case "refused":
      return send(placed, () => void timeline.after(way, () => fail(placed)));
    case "answer lost":
      return send(placed, () => lose(placed, draw.whole(5, patience - 1)));
    case "effect late":
      return send(placed, () => lose(placed, patience + draw.whole(0, inFlight)));
    case "effect twice":
      return send(placed, () => void timeline.after(way, () => repeat(placed, takeEffect(placed))));
    case "answer slow":
      return send(
        placed,
        () => void timeline.after(way, () => delay(placed, draw.spread(...hold))),
      );
    case "sent slowly":
      return void timeline.after(draw.spread(...hold), () =>
        within(host, () => send(placed, () => respond(placed, way))),
      );
    case "dies before":
      return end(host, "killed");
    case "dies after":
      return send(
        placed,
        () =>
          void timeline.after(way, () => {
            void takeEffect(placed);
            end(host, "killed");
          }),
      );
    case "dies meanwhile":
      return send(placed, () => {
        end(host, "killed");
        timeline.after(draw.whole(1, inFlight), () => void takeEffect(placed));
      });
    default:
      return kind satisfies never;
  }
}

/**
 * Nothing leaves the container that its run may not send any more; and whatever was sent is given
 * up once its run is over.
 */
function send(placed: Placed, sent: () => void): void {
  const {
    host: {
      world: { timeline, isDown },
    },
    made: { port, permit },
    there,
    reject,
  } = placed;
  try {
    there(permit)?.addEventListener("abort", () => giveUp(placed));
  } catch (error) {
    return reject(error);
  }
  if (isDown(port)) timeline.after(patience, () => fail(placed));
  else sent();
}

function giveUp(placed: Placed): void {
  if (placed.host.open.has(placed)) {
    within(placed.host, () => placed.reject(new PromoterError("TimeRanOut", "given up")));
  }
}

function respond(placed: Placed, way: number): void {
  placed.host.world.timeline.after(way, () => delay(placed, way));
}

function delay(placed: Placed, time: number): void {
  const outcome = takeEffect(placed);
  placed.host.world.timeline.after(time, () => answer(placed, outcome));
}

/**
 * The client heard nothing of the first try. A store knows its own write again (`put-revision.ts`
 * and its neighbours); a message is posted by one try only.
 */
function repeat(placed: Placed, first: Promise<unknown>): void {
  const {
    host: {
      world: { timeline },
    },
    made: { port },
  } = placed;
  if (port === "messenger") return void timeline.after(patience, () => fail(placed));
  const again = (): void => {
    const second = takeEffect(placed);
    answer(placed, port === "registry" || port === "cluster" ? second : first);
  };
  timeline.after(2_100, () => within(placed.host, () => send(placed, again)));
}

function lose(placed: Placed, at: number): void {
  const { timeline } = placed.host.world;
  timeline.after(at, () => void takeEffect(placed));
  timeline.after(patience, () => fail(placed));
}

function takeEffect({
  host: { guest, world },
  made: { port, method, args, act },
}: Placed): Promise<unknown> {
  const outcome = act().then((result) => {
    world.onEffect({ guest, port, method, args, result });
    return result;
  });
  outcome.catch(() => undefined);
  return outcome;
}

function answer({ host, resolve, reject }: Placed, outcome: Promise<unknown>): void {
  outcome.then(
    (value) => within(host, () => resolve(value)),
    (error: unknown) => within(host, () => reject(error)),
  );
}

const unavailable: Readonly<Record<string, ErrorName>> = {
  registry: "RegistryUnavailable",
  scans: "ScannerUnavailable",
  cluster: "ClusterUnavailable",
  messenger: "MessengerUnavailable",
  workflow: "WorkflowUnavailable",
  bus: "BusUnavailable",
};

function fail({ host, made: { port, method }, resolve, reject }: Placed): void {
  // Best effort: it never throws.
  if (method === "answerClick") return within(host, () => resolve(undefined));
  within(host, () =>
    reject(
      new PromoterError(
        unavailable[port] ?? "StoreUnavailable",
        `calling ${port}.${method}: no answer`,
      ),
    ),
  );
}
