import type { CallBook, Fault, RecordedCall } from "../record.ts";

/** What calls of functions suffer until further notice. */
export type CallFault =
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

export interface CallFaults {
  readonly faultOf: NonNullable<Parameters<CallBook["setFaults"]>[0]>;
  add(fault: CallFault): void;
  clear(): void;
}

/** The one that was added last counts. */
export function createCallFaults(): CallFaults {
  let active: readonly CallFault[] = [];
  return {
    faultOf(call) {
      const found = active.find((one) => concerns(one, call));
      if (found?.kind !== "killed") return found && faultOfCall(found);
      active = active.flatMap((one) =>
        one !== found ? one : found.calls > 1 ? { ...found, calls: found.calls - 1 } : [],
      );
      return found.calls > 1 ? undefined : "dies-after";
    },
    add: (fault) => {
      active = [fault, ...active];
    },
    clear: () => {
      active = [];
    },
  };
}

function faultOfCall(fault: Exclude<CallFault, { kind: "killed" }>): Fault {
  switch (fault.kind) {
    case "unreachable":
      return "fails-before";
    case "throttled":
      return "throttled";
    case "slow":
      return { late: fault.milliseconds };
    default:
      return fault satisfies never;
  }
}

function concerns(
  fault: CallFault,
  { functionName = "", service }: Pick<RecordedCall, "functionName" | "service">,
): boolean {
  const isItsFunction = fault.function === undefined || functionName.endsWith(`-${fault.function}`);
  return isItsFunction && (fault.kind === "killed" || isService(fault.service, service));
}

/** `kubernetes` means each of the clusters. */
export function isService(wanted: string, name: string): boolean {
  return name === wanted || name.startsWith(`${wanted} `);
}
