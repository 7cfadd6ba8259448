import { setTimeout as pause } from "node:timers/promises";
import type { ActionAnswer, ActionOrder, ActionRequest } from "@matchpoint/dashboard";
import { isTerminal, type Core, type Order } from "@matchpoint/sdk";
import type { ControlActions } from "../control/server.ts";
import { killedWords } from "../control/words.ts";
import { listMarkets } from "../report/labels.ts";

/** What a page's orders are done by. */
export interface Stopper {
  readonly core: Core;
  readonly control: Pick<ControlActions, "kill" | "stopEntries" | "halt">;
}

/** Who orders it, for the journal. */
const BY = "dashboard";
/** How long orders may take to be gone after a halt before they are told as they are. */
const GONE_MS = 3_000;
const LOOK_MS = 25;

/** Does what a page orders, and tells what became of each order that was open. It never throws: what went wrong is in the answer. */
export async function stopRun(
  { core, control }: Stopper,
  action: ActionAnswer["action"],
  { id, reason, market }: ActionRequest,
): Promise<ActionAnswer> {
  const before = ordersOf(core, action, market);
  const told = (ok: boolean, text: string, more: { readonly ms?: number } = {}): ActionAnswer => ({
    id,
    action,
    ok,
    text,
    orders: resultsOf(core, before),
    ...more,
  });
  try {
    if (action === "kill") {
      const report = await control.kill(BY, reason);
      return told(report.proven, killedWords(report), { ms: report.ms });
    }
    if (action === "halt" && market !== undefined && core.market(market as never) === undefined)
      return told(false, `there is no market ${market}`);
    if (action === "halt") control.halt(BY, reason, market);
    else control.stopEntries(BY, reason);
    const until = performance.now() + GONE_MS;
    while (before.some((order) => !isTerminal(order)) && performance.now() < until) await pause(LOOK_MS);
    const where = market === undefined ? "every market is halted" : "the market is halted";
    return told(true, action === "halt" ? where : "entries are stopped");
  } catch (error) {
    return told(false, `it could not be done: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The orders that it is to end. */
function ordersOf(core: Core, action: ActionAnswer["action"], market: string | undefined): readonly Order[] {
  return [...core.orders.allOpen()].filter(({ intent }) => {
    if (action === "stop-entry") return intent.purpose === "entry";
    return market === undefined || intent.marketId === market;
  });
}

function resultsOf(core: Core, orders: readonly Order[]): readonly ActionOrder[] {
  const markets = listMarkets(core);
  return orders.map((order) => {
    const { intent, orderId, matched } = order;
    return {
      intent: intent.intentId,
      ...(orderId === undefined ? {} : { order: orderId }),
      market: intent.marketId,
      label: markets.label(intent.marketId),
      side: intent.side,
      outcome: intent.outcome,
      price: intent.limit,
      rest: Math.max(0, intent.size - matched),
      result: resultOf(order),
    };
  });
}

function resultOf({ status }: Order): ActionOrder["result"] {
  switch (status) {
    case "CANCELED":
    case "EXPIRED":
      return "cancelled";
    case "FILLED":
    case "MATCHED":
      return "filled";
    case "REJECTED":
    case "DENIED":
    case "INVALID":
      return "rejected";
    case "UNKNOWN":
      return "unknown";
    case "INTENT":
    case "PREPARED":
    case "SENT":
    case "LIVE":
    case "DELAYED":
    case "PENDING_CANCEL":
      return "open";
  }
}
