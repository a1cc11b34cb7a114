import type { Draw } from "./draws.ts";

/** What may befall a whole invocation. */
export type InvocationFault = "lost" | "unheard" | "late";
/** What may befall one call of a function to the world. */
export type CallFault =
  | "refused"
  | "answer lost"
  | "effect late"
  | "effect twice"
  | "answer slow"
  | "sent slowly"
  | "dies before"
  | "dies after"
  | "dies meanwhile";

export const themes = [
  "calm",
  "late twins",
  "frozen functions",
  "questions twice",
  "redeployments",
  "rebuilds",
  "odd inputs",
  "outages",
  "crowd",
  "chain",
  "bad rollouts",
  "operators",
  "stops",
  "wild",
] as const;
export type Theme = (typeof themes)[number];

export interface PortCall {
  /** The function that makes it. */
  readonly step: string;
  readonly port: string;
  readonly method: string;
}

/** What a schedule is likely to bring. */
export interface Chances {
  readonly themes: readonly Theme[];
  readonly has: (theme: Theme) => boolean;
  /** Promotions follow each other closely, so that whoever writes too late meets the next one. */
  readonly isHurried: boolean;
  invocation(step: string): Readonly<Record<InvocationFault | "none", number>>;
  call(call: PortCall): Readonly<Record<CallFault | "none", number>>;
  /**
   * How long a call may be held up, and when the caller of a function gives it up: from, to,
   * milliseconds.
   */
  readonly hold: readonly [number, number];
  readonly patience: readonly [number, number];
}

const writing = [
  "RetagImages",
  "DeployPodSpec",
  "MoveMovingTags",
  "RollBack",
  "RestoreEnvironment",
];

/**
 * The first theme goes by the seed, so that a hundred schedules have some of each; up to two more
 * are drawn.
 */
export function drawChances(seed: number, draw: Draw): Chances {
  const first = themes[Math.abs(seed) % themes.length] ?? "wild";
  const more: readonly Theme[] = [draw.pick(themes), draw.pick(themes)].filter(
    (theme) => theme !== "calm",
  );
  const chosen: readonly Theme[] = first === "calm" ? [first] : [...new Set([first, ...more])];
  const has = (theme: Theme): boolean => chosen.includes(theme);
  return {
    themes: chosen,
    has,
    isHurried: has("late twins") || has("frozen functions"),
    ...timesOf(has),
    invocation: (step) =>
      has("calm") ? { ...noInvocation, none: 1 } : invocationChances(step, has),
    call: remembered((call) => (has("calm") ? { ...noCall, none: 1 } : callChances(call, has))),
  };
}

function timesOf(has: Has): Pick<Chances, "hold" | "patience"> {
  if (has("late twins")) return { hold: [10_000, 130_000], patience: [100, 8_000] };
  return has("questions twice")
    ? { hold: [2_000, 28_000], patience: [100, 8_000] }
    : { hold: [1_000, 200_000], patience: [200, 100_000] };
}

/** There are a hundred thousand calls, of a hundred kinds. */
function remembered(chancesOf: Chances["call"]): Chances["call"] {
  const known = new Map<string, ReturnType<Chances["call"]>>();
  return (call) => {
    const name = `${call.step} ${call.port}.${call.method}`;
    const chances = known.get(name) ?? chancesOf(call);
    known.set(name, chances);
    return chances;
  };
}

const noInvocation = { lost: 0, unheard: 0, late: 0 };
const noCall = {
  refused: 0,
  "answer lost": 0,
  "effect late": 0,
  "effect twice": 0,
  "answer slow": 0,
  "sent slowly": 0,
  "dies before": 0,
  "dies after": 0,
  "dies meanwhile": 0,
};

type Has = (theme: Theme) => boolean;

function invocationChances(step: string, has: Has): ReturnType<Chances["invocation"]> {
  const factor = has("wild") ? 5 : 1;
  const base = { lost: 0.003 * factor, unheard: 0.006 * factor, late: 0.004 * factor };
  if (has("late twins") && writing.includes(step)) {
    return filled({ ...base, unheard: 0.35, late: 0.12 });
  }
  if (has("questions twice") && step === "RequestApproval") {
    return filled({ ...base, unheard: 0.5, late: 0.1 });
  }
  return filled(base);
}

function callChances({ step, port, method }: PortCall, has: Has): ReturnType<Chances["call"]> {
  const each = has("wild") ? 0.003 : 0.0005;
  const base = Object.fromEntries(Object.keys(noCall).map((kind) => [kind, each])) as Readonly<
    Record<CallFault, number>
  >;
  const isWrite =
    writing.includes(step) && (method === "putTag" || method === "apply" || method === "remove");
  if (has("frozen functions") && isWrite) {
    return filled({ ...base, "sent slowly": 0.15, "effect late": 0.03 });
  }
  if (has("late twins") && isWrite) {
    return filled({ ...base, "sent slowly": 0.15, "answer slow": 0.05, "effect late": 0.03 });
  }
  if (has("late twins") && writing.includes(step) && port === "environments") {
    return filled({ ...base, "sent slowly": 0.02 });
  }
  if (has("questions twice") && method === "ask") {
    return filled({ ...base, "sent slowly": 0.35, "answer slow": 0.15, "answer lost": 0.1 });
  }
  return filled(base);
}

function filled<Kind extends string>(
  chances: Readonly<Record<Kind, number>>,
): Readonly<Record<Kind | "none", number>> {
  const some = Object.values<number>(chances).reduce((sum, one) => sum + one, 0);
  return { ...chances, none: Math.max(0, 1 - some) };
}
