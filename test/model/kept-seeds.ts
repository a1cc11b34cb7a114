/**
 * Schedules that break a promise where the mend of that fault is undone, by what was wrong. They
 * are drawn again before all others.
 */
export const keptSeeds: readonly { readonly seed: number; readonly was: string }[] = [
  {
    seed: 29,
    was: "a late twin ended the claim of the function that was still writing, and the next promotion began",
  },
  { seed: 25, was: "a call was sent long after the time of its function was over" },
  { seed: 101, was: "one question was posted twice, and one of the messages kept its buttons" },
  {
    seed: 46,
    was: "a vote counted of a person who was no longer an approver when the writing began",
  },
  { seed: 79, was: "images were written under rules that had not judged them" },
  {
    seed: 20,
    was: "an input of 230,000 characters was kept until the promotion could no longer be closed",
  },
  {
    seed: 1065,
    was: "the rollback began while a function that was given up still applied the new release",
  },
  { seed: 27, was: "an environment counted as settled without a record of who had said so" },
  { seed: 48, was: "each click of a person who may not vote made the trail longer" },
  { seed: 2, was: "a click on another message counted" },
  {
    seed: 20036,
    was: "an environment was settled at the second look, and the first had noted nothing",
  },
  {
    seed: 20079,
    was: "a question was posted after everybody was told how it ended, and kept its buttons",
  },
  {
    seed: 235,
    was: "a promotion of an application that promoter.yml does not know was stopped at once, and stayed open work for ever",
  },
  {
    seed: 3303,
    was: "a first step that was late wrote the record of a promotion after its open work was forgotten",
  },
];
