/** How long a promotion waits for its turn in an environment before it ends as `WaitExpired`: 3 days, in milliseconds. */
export const longestTurn = 3 * 24 * 60 * 60_000;
