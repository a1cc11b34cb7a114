import type { CallBook, Fault, RecordedCall } from "../record.ts";

/** What calls of functions suffer until further notice. */
export type Disturbance =
  | {
      readonly kind: "unreachable" | "throttled";
      readonly service: string;
      readonly function?: string | undefined;
    }
  | {
      readonly kind: "slow";
      readonly service: string;
      readonly function?: string | undefined;
      readonly milliseconds: number;
    }
  /** Once: the function dies after so many further calls. */
  | { readonly kind: "killed"; readonly function: string; readonly calls: number };

export interface Disturbances {
  readonly faultOf: NonNullable<Parameters<CallBook["setFaults"]>[0]>;
  add(disturbance: Disturbance): void;
  clear(): void;
}

/** The one that was added last counts. */
export function createDisturbances(): Disturbances {
  let active: readonly Disturbance[] = [];
  return {
    faultOf(call) {
      const found = active.find((one) => concerns(one, call));
      if (found?.kind !== "killed") return found && faultOfCall(found);
      active = active.flatMap((one) =>
        one !== found ? one : found.calls > 1 ? { ...found, calls: found.calls - 1 } : [],
      );
      return found.calls > 1 ? undefined : "dies-after";
    },
    add: (disturbance) => {
      active = [disturbance, ...active];
    },
    clear: () => {
      active = [];
    },
  };
}

function faultOfCall(disturbance: Exclude<Disturbance, { kind: "killed" }>): Fault {
  switch (disturbance.kind) {
    case "unreachable":
      return "fails-before";
    case "throttled":
      return "throttled";
    case "slow":
      return { late: disturbance.milliseconds };
    default:
      return disturbance satisfies never;
  }
}

function concerns(
  disturbance: Disturbance,
  { functionName = "", service }: Pick<RecordedCall, "functionName" | "service">,
): boolean {
  const isItsFunction =
    disturbance.function === undefined || functionName.endsWith(`-${disturbance.function}`);
  return (
    isItsFunction && (disturbance.kind === "killed" || isService(disturbance.service, service))
  );
}

/** `kubernetes` means each of the clusters. */
export function isService(wanted: string, name: string): boolean {
  return name === wanted || name.startsWith(`${wanted} `);
}
