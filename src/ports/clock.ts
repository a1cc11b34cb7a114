/** Time as an argument. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** Lets so many milliseconds pass. */
export type Pause = (milliseconds: number) => Promise<void>;
