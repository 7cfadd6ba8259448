import {
  formatUsdc,
  isMatchpointError,
  MatchpointError,
  type ActionId,
  type ChainAction,
  type ChainOutcome,
  type ChainReport,
  type Clock,
  type MarketId,
  type SettlementAdapter,
  type Usdc,
} from "@matchpoint/sdk";
import { ReportStream } from "../execution/reportStream.ts";
import type { TxReport } from "./txRecord.ts";
import type { ChainMarketRef, WalletAction } from "./walletActions.ts";
import type { WalletChain } from "./walletTypes.ts";

/** What {@link createChainSettlement} needs. */
export interface ChainSettlementOptions {
  readonly wallet: WalletChain;
  /** The market of an id; `undefined` when it is not known. */
  readonly market: (marketId: MarketId) => ChainMarketRef | undefined;
  /** Ids of actions are unique in a run only: the run's id makes them so for ever. */
  readonly runId: string;
  /** Runs of the same account that went before: what they asked for goes on under their names. */
  readonly earlierRuns?: readonly string[];
  readonly clock: Clock;
}

/**
 * Merges, splits and redeems on the chain. An action is sent once, whatever is asked how often; after a restart with the wallet's journal
 * its reports go on. FINAL states the dollars that the collateral's own logs show.
 *
 * @throws `MatchpointError` `CAPABILITY_UNSUPPORTED` when the wallet cannot send for itself
 * @example
 * ```ts
 * import { createChainSettlement, type ChainMarketRef, type WalletChain } from "@matchpoint/adapters-polymarket";
 * import { SystemClock } from "@matchpoint/sdk";
 * const settle = (wallet: WalletChain, markets: ReadonlyMap<string, ChainMarketRef>, runId: string) =>
 *   createChainSettlement({ wallet, market: (id) => markets.get(id), runId, clock: new SystemClock() });
 * ```
 */
export function createChainSettlement(options: ChainSettlementOptions): SettlementAdapter {
  const { wallet, market: marketOf, runId, clock } = options;
  if (wallet.cannotSend !== undefined)
    throw new MatchpointError("CAPABILITY_UNSUPPORTED", wallet.cannotSend.detail, {
      hint: wallet.cannotSend.fix,
    });
  const prefixes = [runId, ...(options.earlierRuns ?? [])].map((run) => `${run}:`);
  const [prefix] = prefixes as [string, ...string[]];
  /** Ids of actions are counted on from run to run, so that one belongs to one run. */
  const idOf = (actionId: string): string =>
    (prefixes.find((each) => wallet.txStatus(each + actionId) !== undefined) ?? prefix) + actionId;
  const stream = new ReportStream<ChainReport>();
  const asked = new Map<string, ChainAction>();
  wallet.onReport(pass);

  function pass(report: TxReport): void {
    const own = prefixes.find((each) => report.intentId.startsWith(each));
    if (own === undefined) return;
    const actionId = report.intentId.slice(own.length) as ActionId;
    // What an earlier run brought to its end is no news.
    if (own !== prefix && !asked.has(actionId)) return;
    const proceeds = wallet.proceeds(report);
    const detail = [report.detail, oddity(asked.get(actionId), proceeds), report.hash]
      .filter(Boolean)
      .join("; ");
    stream.push({
      type: "chain_report",
      at: clock.monotonic(),
      receivedAt: clock.wall(),
      actionId,
      status: report.status,
      ...(proceeds === undefined ? {} : { proceeds }),
      ...(detail === "" ? {} : { detail }),
    });
  }

  async function send(action: ChainAction): Promise<ChainOutcome> {
    const { actionId, kind, marketId, amounts } = action;
    const id = idOf(actionId);
    const market = marketOf(marketId);
    if (market === undefined)
      return { kind: "refused", detail: `market ${marketId} is not known to the wallet` };
    asked.set(actionId, action);
    const known = wallet.txStatus(id);
    if (known === undefined) {
      const obstacle = await wallet.obstacle(kind, market, amounts);
      if (obstacle !== undefined) return { kind: "refused", detail: `${obstacle.detail}; ${obstacle.fix}` };
    }
    const outcome = await wallet.submit(callOf(action, market), id);
    if (known === "FINAL" || known === "REVERTED") {
      // It ended while nobody listened.
      const report = await wallet.recall(id);
      if (report !== undefined) pass(report);
    }
    if (outcome.kind === "refused") return { kind: "refused", detail: `${outcome.detail}; ${outcome.fix}` };
    if (outcome.kind === "sent") return { kind: "sent" };
    return { kind: "unknown", cause: new MatchpointError("CHAIN_UNREACHABLE", outcome.detail) };
  }

  function callOf({ kind, amounts }: ChainAction, market: ChainMarketRef): WalletAction {
    if (kind === "split") return wallet.actions.split(market, amounts[0]);
    return kind === "merge" ? wallet.actions.merge(market, amounts[0]) : wallet.actions.redeem(market);
  }

  return {
    async submit(action) {
      try {
        return await send(action);
      } catch (error) {
        if (!isMatchpointError(error)) throw error;
        // Whether it was signed is known: what was, is followed; what was not, never left.
        if (wallet.txStatus(idOf(action.actionId)) === undefined)
          return { kind: "refused", detail: error.message.split("\n")[0]! };
        return { kind: "unknown", cause: error };
      }
    },
    reports: (signal) => stream.read(signal),
  };
}

/** A pair is a dollar: what came of a merge or a split is known beforehand. */
function oddity(action: ChainAction | undefined, proceeds: Usdc | undefined): string | undefined {
  if (action === undefined || proceeds === undefined || action.kind === "redeem") return undefined;
  const due = (action.kind === "merge" ? 1 : -1) * action.amounts[0];
  if (due === proceeds) return undefined;
  return `${formatUsdc(proceeds)} pUSD moved, ${formatUsdc(due as Usdc)} were due`;
}
