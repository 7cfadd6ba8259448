/** What the numbers of the frames are. @module */

/** Unix ms by the run's clock, which never goes backwards; in a simulation or a recording that is its own time, not today's. */
export type RunTime = number;
/** Millionths of a dollar. */
export type Micros = number;
/** Millionths of a share. */
export type MicroShares = number;
/** Ten-thousandths of a dollar: 0 to 10,000. */
export type Ticks = number;
/** 0 is the venue's first token ("YES"), 1 its second ("NO"). */
export type Outcome = 0 | 1;
