import type { ChainReport, ChainStatus } from "../events/index.ts";
import { illegal, move, stay, type Machine } from "./machine.ts";

const LATE = "late news of an earlier state";
const DUPLICATE = "said before";

/** The machine of chain actions (merge, split, redeem); its events are the statuses that the chain reports. */
export const CHAIN_MACHINE: Machine<ChainStatus, ChainReport["status"]> = {
  name: "chain action",
  initial: "REQUESTED",
  states: ["REQUESTED", "SENT", "MINED", "FINAL", "REVERTED", "UNKNOWN"],
  terminal: ["FINAL", "REVERTED"],
  events: ["SENT", "MINED", "FINAL", "REVERTED", "UNKNOWN"],
  table: {
    REQUESTED: {
      SENT: move("SENT"),
      MINED: move("MINED"),
      FINAL: move("FINAL"),
      REVERTED: move("REVERTED"),
      UNKNOWN: move("UNKNOWN"),
    },
    SENT: {
      SENT: stay(DUPLICATE),
      MINED: move("MINED"),
      FINAL: move("FINAL"),
      REVERTED: move("REVERTED"),
      UNKNOWN: move("UNKNOWN"),
    },
    MINED: {
      SENT: stay(LATE),
      MINED: stay(DUPLICATE),
      FINAL: move("FINAL"),
      REVERTED: move("REVERTED"),
      UNKNOWN: move("UNKNOWN"),
    },
    FINAL: {
      SENT: stay(LATE),
      MINED: stay(LATE),
      FINAL: stay(DUPLICATE),
      REVERTED: illegal("an action that was final is reverted"),
      UNKNOWN: stay(LATE),
    },
    REVERTED: {
      SENT: stay(LATE),
      MINED: stay(LATE),
      FINAL: illegal("an action that was reverted is final"),
      REVERTED: stay(DUPLICATE),
      UNKNOWN: stay(LATE),
    },
    UNKNOWN: {
      SENT: move("SENT"),
      MINED: move("MINED"),
      FINAL: move("FINAL"),
      REVERTED: move("REVERTED"),
      UNKNOWN: stay(DUPLICATE),
    },
  },
};
