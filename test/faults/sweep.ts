import { faultKinds, type FaultCase, type Scenario } from "./fault-case.ts";
import { recordCalls, runCase, type CaseReport } from "./run-case.ts";

export interface Sweep {
  readonly scenario: Scenario;
  /** From which call on, and each how many-th. */
  readonly from: number;
  readonly every: number;
  /** Which faults a call suffers; all unless said otherwise. */
  readonly faultsOf?: (call: number) => readonly FaultCase["fault"][];
  /** Milliseconds after which no further case begins; none unless said otherwise. */
  readonly time?: number;
}

export interface SweepReport {
  readonly calls: number;
  readonly cases: number;
  /** How many of them ran before the time was over. */
  readonly ran: number;
  /** Cases whose call never came: the order of calls differs a little from run to run. */
  readonly missed: number;
  readonly violated: readonly CaseReport[];
}

/** A case waits for the clients' own pauses half of its time, so a few go side by side. */
const sideBySide = 4;

export async function sweep({
  scenario,
  from,
  every,
  faultsOf = () => faultKinds,
  time = Infinity,
}: Sweep): Promise<SweepReport> {
  const { length: calls } = await recordCalls(scenario);
  const numbers = Array.from({ length: calls }, (_, index) => index + 1).filter(
    (call) => call >= from && (call - from) % every === 0,
  );
  const cases = numbers.flatMap((call) =>
    faultsOf(call).map((fault): FaultCase => ({ scenario, fault, call })),
  );
  const end = performance.now() + time;
  const reports = await runSideBySide(spread(cases), {
    run: runCase,
    while: () => performance.now() < end,
  });
  const missed = reports.filter(({ hit }) => hit === undefined).length;
  return {
    calls,
    cases: cases.length,
    ran: reports.length,
    missed,
    violated: reports.filter(({ violations }) => violations.length > 0),
  };
}

interface Runs<Case, Report> {
  readonly run: (one: Case) => Promise<Report>;
  /** No further case begins otherwise. */
  readonly while?: () => boolean;
}

export async function runSideBySide<Case, Report>(
  cases: readonly Case[],
  { run, while: goesOn = () => true }: Runs<Case, Report>,
): Promise<readonly Report[]> {
  const waiting = [...cases];
  const reports: Report[] = [];
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined && goesOn(); one = waiting.shift()) {
      reports.push(await run(one));
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return reports;
}

/** Far from each other, so that a sweep that runs out of time has looked everywhere a little. */
function spread(cases: readonly FaultCase[]): readonly FaultCase[] {
  const golden = 0.618034;
  return cases
    .map((one, index) => ({ one, place: (index * golden) % 1 }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

/** One line a case: what went wrong where, how it ended, what should not be. */
export function describeReport({
  kase: { fault, call },
  hit,
  endings,
  violations,
}: CaseReport): string {
  return `call ${call} (${hit ?? "never came"}) ${fault}: ${endings.join(", ")}: ${violations.join("; ")}`;
}
