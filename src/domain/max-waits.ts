const hour = 3_600_000;
const day = 24 * hour;

/**
 * The longest waits that promoter.yml may ask for, and that the workflow grants by itself, in
 * milliseconds. All of it together fits into the time-out of the state machine and into the history
 * that an execution may have.
 */
export const maxWaits = {
  /** For a version that was rebuilt to stay as it is. */
  settle: day,
  /** For a scan, from the start of the promotion. */
  scan: 7 * day,
  /** For an image to be old enough, from its push. */
  age: 30 * day,
  /** For its turn in the environment. */
  turn: 3 * day,
  /** For an answer to one question. */
  answer: 30 * day,
  /** For a rollout, and again for the rollback. */
  rollout: 6 * hour,
  /** For a release to stay well after its rollout. */
  observe: day,
} as const;

/** People are asked about at most this many different plans of one promotion. */
export const maxQuestions = 3;
