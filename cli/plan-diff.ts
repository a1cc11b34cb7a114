import { printObjects } from "../src/config/objects/print-objects.ts";
import type { Difference } from "../src/domain/plan.ts";
import type { ShownPromotion } from "../src/promotion/operations/show-promotion.ts";
import type { Terminal } from "./terminal.ts";
import { unifiedDiff } from "./unified-diff.ts";

/** What is there against what would be, of every object that is created or changes. */
export function planDiff({ plan }: Pick<ShownPromotion, "plan">): string {
  return (plan?.differences ?? [])
    .filter(({ kind }) => kind !== "same")
    .map(objectDiff)
    .join("\n");
}

function objectDiff({ object, states, note }: Difference): string {
  if (states === undefined) return `# ${object}: no diff; ${note ?? "it is too large"}`;
  const { live, result } = states;
  return unifiedDiff(
    { label: live ? `${object} (live)` : "/dev/null", text: live ? printObjects([live]) : "" },
    { label: `${object} (planned)`, text: printObjects([result]) },
  );
}

export function printDiff({ line, style }: Terminal, diff: string): void {
  if (diff === "") return;
  line();
  for (const text of diff.split("\n")) {
    const colour = colourOf(text);
    line(colour === undefined ? text : style(colour, text), "as it is");
  }
}

function colourOf(text: string): "bold" | "cyan" | "red" | "green" | undefined {
  if (/^(?:---|\+\+\+|#) /.test(text)) return "bold";
  if (text.startsWith("@@")) return "cyan";
  return text.startsWith("-") ? "red" : text.startsWith("+") ? "green" : undefined;
}
