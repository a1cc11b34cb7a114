import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { promotionLabel } from "./expected-promotion.ts";
import type { ShowResult } from "./promote-all.ts";

/** Explains an exit code other than 0. */
export function describeResult({
  endings,
  lost,
  open,
  interrupted,
  unpromotable,
}: ShowResult): readonly string[] {
  const notPromoted = endings.filter(({ ending }) => exitCodeOf(ending) !== exitCodes.done);
  return [
    ...notPromoted.map(
      (one) => `${promotionLabel(one)} was not promoted: it ended as ${one.ending}`,
    ),
    ...(interrupted === undefined
      ? []
      : [`stopped before the end of ${open.map(promotionLabel).join(", ")}`]),
    ...unpromotable.map(
      (name) =>
        `nothing of ${name} can be promoted: no environment takes a version that \`npm start\` could push`,
    ),
    ...(lost.length > 0 ? [`not followed to the end: ${lost.join(", ")}`] : []),
  ];
}
