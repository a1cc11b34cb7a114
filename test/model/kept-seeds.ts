/** Schedules that once broke a promise, by what was wrong then. They are drawn again before all others. */
export const keptSeeds: readonly { readonly seed: number; readonly was: string }[] = [
  { seed: 8, was: "a vote counted of somebody who was no approver any more" },
  { seed: 10, was: "one question was posted twice, and one of the messages kept its buttons" },
  { seed: 73, was: "a version of which no push could be counted stayed open work" },
  { seed: 85, was: "two votes counted of people who were no approvers any more" },
];
