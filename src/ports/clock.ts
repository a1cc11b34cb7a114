/** Time as an argument. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}
