/** What the thread is given when it begins. */
export interface SnapshotsData {
  readonly journal: string;
  readonly every: number;
}

/** What it is told: the journal has grown; it vouches for the last snapshot. */
export type SnapshotsWord = "look" | "vouched";
