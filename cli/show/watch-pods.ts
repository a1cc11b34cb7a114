import type { LocalCloud } from "@promoter/local-cloud";
import type { Terminal } from "../terminal.ts";

interface Pod {
  readonly metadata?: { readonly name?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/**
 * Shows the pods of the local clusters as they start and become ready. `label` distinguishes
 * promotions.
 */
export function watchPods(
  { clusters }: Pick<LocalCloud, "clusters">,
  {
    terminal: { line, style },
    label,
  }: { readonly terminal: Terminal; readonly label: () => string },
): { look: (namespace: string | undefined) => void } {
  const last = new Map<string, string>();
  return {
    look(namespace) {
      if (namespace === undefined) return;
      const pods = [...clusters.values()].flatMap((cluster) =>
        cluster.objects("Pod", namespace),
      ) as readonly Pod[];
      for (const pod of pods) {
        const name = pod.metadata?.name ?? "";
        const state = stateOf(pod);
        if (last.get(name) !== state) {
          line(style("dim", `            pod ${name}  ${state}${label()}`));
        }
        last.set(name, state);
      }
    },
  };
}

function stateOf({ status }: Pod): string {
  const ready = status?.conditions?.some(
    ({ type, status: value }) => type === "Ready" && value === "True",
  );
  return ready ? "Ready" : (status?.phase ?? "Pending");
}
