import type { TradeStatus } from "../events/index.ts";
import { illegal, move, stay, type Machine } from "./machine.ts";

/** A trade that no report has named yet. */
export type TradeState = "UNSEEN" | TradeStatus;

const LATE = "late news of an earlier state";
const DUPLICATE = "said before";

/**
 * The trade machine; its events are the statuses that the venue reports. The first report counts whatever it says, so a
 * trade that is first seen CONFIRMED is matched and confirmed at once, and one first seen FAILED is never counted.
 */
export const TRADE_MACHINE: Machine<TradeState, TradeStatus> = {
  name: "trade",
  initial: "UNSEEN",
  states: ["UNSEEN", "MATCHED", "MINED", "RETRYING", "CONFIRMED", "FAILED"],
  terminal: ["CONFIRMED", "FAILED"],
  events: ["MATCHED", "MINED", "RETRYING", "CONFIRMED", "FAILED"],
  table: {
    UNSEEN: {
      MATCHED: move("MATCHED"),
      MINED: move("MINED"),
      RETRYING: move("RETRYING"),
      CONFIRMED: move("CONFIRMED"),
      FAILED: move("FAILED"),
    },
    MATCHED: {
      MATCHED: stay(DUPLICATE),
      MINED: move("MINED"),
      RETRYING: move("RETRYING"),
      CONFIRMED: move("CONFIRMED"),
      FAILED: move("FAILED"),
    },
    MINED: {
      MATCHED: stay(LATE),
      MINED: stay(DUPLICATE),
      RETRYING: move("RETRYING"),
      CONFIRMED: move("CONFIRMED"),
      FAILED: move("FAILED"),
    },
    RETRYING: {
      MATCHED: stay(LATE),
      MINED: move("MINED"),
      RETRYING: stay(DUPLICATE),
      CONFIRMED: move("CONFIRMED"),
      FAILED: move("FAILED"),
    },
    CONFIRMED: {
      MATCHED: stay(LATE),
      MINED: stay(LATE),
      RETRYING: stay(LATE),
      CONFIRMED: stay(DUPLICATE),
      FAILED: move("FAILED"),
    },
    FAILED: {
      MATCHED: stay(LATE),
      MINED: stay(LATE),
      RETRYING: stay(LATE),
      CONFIRMED: illegal(
        "a failed trade is confirmed: only a comparison with the chain can tell which is true",
      ),
      FAILED: stay(DUPLICATE),
    },
  },
};

/** Whether nothing more is expected of a trade (a reorganisation may still fail a confirmed one). */
export function isTerminalTrade(status: TradeStatus): boolean {
  return status === "CONFIRMED" || status === "FAILED";
}
