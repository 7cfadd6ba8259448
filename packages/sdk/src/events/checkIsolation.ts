import {
  anything,
  finite,
  int,
  name,
  object,
  optional,
  record,
  str,
  variants,
  type Check,
} from "./checks.ts";
import { kind, type Of } from "./checkFields.ts";
import type { StrategyAction } from "./isolation.ts";

type Action<K extends StrategyAction["kind"]> = Of<StrategyAction, K>;
const order = { kind, ref: name, request: anything };

/** What a strategy that runs elsewhere asks for. The order itself is the risk gate's to judge. */
export const checkAsked: Check = variants("kind", {
  buy: object<Action<"buy">>(order),
  sell: object<Action<"sell">>(order),
  cancel: object<Action<"cancel">>({ kind, order: name }),
  cancel_all: object<Action<"cancel_all">>({ kind, reason: str }),
  after: object<Action<"after">>({ kind, ms: finite, name: str }),
  clear_timer: object<Action<"clear_timer">>({ kind, name: str }),
  skip: object<Action<"skip">>({
    kind,
    reason: name,
    times: int(1, 1_000_000),
    data: optional(record(anything)),
  }),
} satisfies Record<StrategyAction["kind"], Check>);
