/** The candidate that a typing slip would explain; undefined when none is near. */
export function closestMatch(text: string, candidates: readonly string[]): string | undefined {
  const reach = Math.max(1, Math.floor(text.length / 3));
  const near = candidates
    .map((candidate) => ({
      candidate,
      distance: distance(text.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter((found) => found.distance <= reach);
  return near.toSorted((one, other) => one.distance - other.distance)[0]?.candidate;
}

/** The same as a remedy. */
export function didYouMean(text: string, candidates: readonly string[]): string | undefined {
  const near = closestMatch(text, candidates);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

/** Insertions, deletions, replacements and swapped neighbours (optimal string alignment). */
function distance(one: string, other: string): number {
  let [before, last]: [number[], number[]] = [
    [],
    Array.from({ length: other.length + 1 }, (_, index) => index),
  ];
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const steps = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + Number(!same),
      ];
      if (row > 1 && column > 1 && swapped) steps.push((before[column - 2] ?? 0) + 1);
      current.push(Math.min(...steps));
    }
    [before, last] = [last, current];
  }
  return last[other.length] ?? 0;
}
