import { printable } from "../../domain/printable.ts";
import type { Conclusion, Ending } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { PromotionChange } from "../../ports/promotions.ts";
import {
  resolvedPromotion,
  pendingConclusion,
  type ResolvedPromotion,
} from "../record/open-promotion.ts";
import type { StepInput, StepResult } from "./step-result.ts";
import type { Task, TaskDefinition } from "./task.ts";

const trailNeeds = ["trail.append"] as const satisfies readonly Need[];
type TrailPorts = PortsFor<typeof trailNeeds>;
const recordNeeds = ["promotions.read", "promotions.update"] as const satisfies readonly Need[];
type RecordPorts = PortsFor<typeof recordNeeds>;

/** A Task of the state machine. */
type Step<Input extends StepInput, Outcome extends string, Ports> = Task<
  Input,
  StepResult<Outcome>,
  Ports
>;

/** A step that works on the record of its promotion. */
export type RecordStep<
  Needs extends readonly Need[],
  Input extends StepInput,
  Outcome extends string,
> = Step<Input, Outcome | "close", TrailPorts & RecordPorts & PortsFor<Needs>>;

/** What a step decides: the workflow goes on, or the promotion ends. */
export type Decision<Outcome extends string> =
  | { readonly kind: "go"; readonly result: StepResult<Outcome>; readonly change: PromotionChange }
  | { readonly kind: "end"; readonly conclusion: Conclusion; readonly change: PromotionChange };

interface GoOptions {
  readonly reasons?: readonly string[];
  /** Of the record; written before the answer is given. */
  readonly change?: PromotionChange;
  readonly seconds?: number;
}

export function go<Outcome extends string>(
  outcome: Outcome,
  { reasons = [], change = {}, seconds }: GoOptions = {},
): Decision<Outcome> {
  const result = { outcome, reasons, ...(seconds === undefined ? {} : { seconds }) };
  return { kind: "go", result, change };
}

/** The ending is written down here, in one write with the change; `ClosePromotion` carries it out. */
export function end(
  ending: Ending,
  reasons: readonly string[],
  change: PromotionChange = {},
): Decision<never> {
  return { kind: "end", conclusion: { ending, reasons }, change };
}

export function endAs({ ending, reasons }: Conclusion): Decision<never> {
  return end(ending, reasons);
}

export interface StepDefinition<
  Needs extends readonly Need[],
  Input extends StepInput,
  Outcome extends string,
> {
  readonly name: string;
  /** Beside the record and the trail. */
  readonly needs: Needs;
  /**
   * Default `until-stopped`: a promotion that was cancelled or concluded goes no further.
   * `to-the-end`: writing has begun, and is completed.
   */
  readonly goes?: "until-stopped" | "to-the-end";
  readonly run: (
    promotion: ResolvedPromotion,
    ports: PortsFor<Needs>,
    input: Input,
  ) => Promise<Decision<Outcome>>;
}

/** A step of a promotion that has its digests. */
export function step<
  const Needs extends readonly Need[],
  Outcome extends string,
  Input extends StepInput = StepInput,
>({
  name,
  needs,
  goes = "until-stopped",
  run,
}: StepDefinition<Needs, Input, Outcome>): RecordStep<Needs, Input, Outcome> {
  return inTrail({
    name,
    needs: [...recordNeeds, ...needs],
    async run(input: Input, ports: RecordPorts & PortsFor<Needs>) {
      const promotion = await resolvedPromotion(ports.promotions, input.promotion);
      const stop = goes === "until-stopped" ? pendingConclusion(promotion) : undefined;
      return carryOut(promotion, stop ? endAs(stop) : await run(promotion, ports, input), ports);
    },
  });
}

/** The first step and the last ones, which take the record in any state. */
export function outerStep<
  const Needs extends readonly Need[],
  Outcome extends string,
  Input extends StepInput = StepInput,
>(
  definition: TaskDefinition<Needs, Input, StepResult<Outcome>>,
): Step<Input, Outcome, TrailPorts & PortsFor<Needs>> {
  return inTrail(definition);
}

/** Every step has its entry in the trail. */
function inTrail<Input extends StepInput, Outcome extends string, Ports>({
  name,
  needs,
  run,
}: Step<Input, Outcome, Ports>): Step<Input, Outcome, TrailPorts & Ports> {
  return {
    name,
    needs: [...trailNeeds, ...needs],
    run: (input, ports) => withTrailEntry({ name, input }, ports, () => run(input, ports)),
  };
}

/** Writes what was decided into the record; repeated, it writes the same. */
export async function carryOut<Outcome extends string>(
  { id }: { readonly id: string },
  decision: Decision<Outcome>,
  { promotions }: Pick<RecordPorts, "promotions">,
): Promise<StepResult<Outcome | "close">> {
  const { change } = decision;
  if (decision.kind === "go") {
    if (Object.keys(change).length > 0) await promotions.update(id, change);
    return decision.result;
  }
  const { conclusion } = decision;
  await promotions.update(id, { ...change, conclusion });
  return { outcome: "close", reasons: [conclusion.ending, ...conclusion.reasons] };
}

/** Notes the work in the trail, a failed attempt too; each visit once, however often it is repeated. */
async function withTrailEntry<Outcome extends string>(
  { name, input: { promotion, visit } }: { readonly name: string; readonly input: StepInput },
  { trail, clock }: Pick<TrailPorts, "trail" | "clock">,
  work: () => Promise<StepResult<Outcome>>,
): Promise<StepResult<Outcome>> {
  if (visit === undefined) return work();
  const at = clock.now();
  const note = (key: string, outcome: string, reasons: readonly string[]): Promise<void> =>
    trail.append(
      promotion,
      { visit: key, step: name, at, took: clock.now() - at, outcome, who: "promoter", reasons },
      enteredAt(visit),
    );
  const result = await work().catch(async (error: unknown) => {
    // The step fails with its own error, even if the trail cannot take it.
    await note(`${visit}!${at}`, ...describeError(error)).catch(() => undefined);
    throw error;
  });
  await note(visit, result.outcome, result.reasons);
  return result;
}

/** A visit is named by its state and when that was entered (ISO 8601). */
function enteredAt(visit: string): number {
  return Date.parse(visit.slice(visit.indexOf("@") + 1)) || 0;
}

function describeError(error: unknown): [name: string, reasons: readonly string[]] {
  const { name, message } =
    error instanceof Error ? error : { name: "Error", message: String(error) };
  return [name, [printable(message)]];
}
