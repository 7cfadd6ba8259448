import {
  createChainSettlement,
  createWalletChain,
  createWsTransport,
  walletChecks,
  type ApprovalRequest,
  type ChainMarketRef,
  type OrderParties,
  type WalletChain,
} from "@matchpoint/adapters-polymarket";
import {
  USDC_ONE,
  type BotConfig,
  type Clock,
  type MarketDescription,
  type MarketId,
  type SettlementAdapter,
  type Usdc,
} from "@matchpoint/sdk";
import type { ChecklistLine } from "../doctor/index.ts";
import type { LiveAccount } from "./account.ts";
import { relayerOf } from "./relayerAccess.ts";
import type { LiveSecrets } from "./secrets.ts";
import { openTxJournal, type TxJournalFile } from "./txJournal.ts";

/** The account's wallet on the chain, and the file with its transactions. */
export interface LiveWallet {
  readonly chain: WalletChain;
  readonly journal: TxJournalFile;
  readonly markets: ReadonlyMap<MarketId, ChainMarketRef>;
  /** Merges and redeems in one more market. */
  admit(market: MarketDescription): void;
  close(): void;
}

/**
 * Opens the wallet by the nodes given, to send with it or only to look.
 * A contract wallet is sent for by the relayer, when there is a key of it.
 * @throws MatchpointError `CHAIN_UNREACHABLE`, `CHAIN_WRONG`, `JOURNAL_CORRUPT`, `CREDENTIALS_INVALID`
 */
export async function openWallet(
  config: BotConfig,
  account: Pick<LiveAccount, "chainSigner"> & { readonly parties: OrderParties },
  access: Pick<LiveSecrets, "rpcUrls" | "relayer">,
  markets: readonly MarketDescription[],
  clock: Clock,
  use: "send" | "read" = "send",
): Promise<LiveWallet> {
  const { chain_id: chainId, allowance_usdc: allowance } = config.execution;
  const { parties, chainSigner } = account;
  const transport = createWsTransport();
  const { clob_url: clob } = config.execution;
  const relayer = relayerOf(parties, { transport, clock }, isLocal(clob) ? clob : undefined, access.relayer);
  const journal = openTxJournal(config.journal.dir, chainId, parties.wallet, use);
  try {
    const chain = await createWalletChain({
      rpcs: access.rpcUrls,
      chainId,
      signer: chainSigner,
      parties,
      transport,
      clock,
      ...(relayer === undefined ? {} : { relayer }),
      limits: { allowance: Math.round(allowance * USDC_ONE) as Usdc, ...rehearsal(config) },
      journal,
    });
    const refs = new Map<MarketId, ChainMarketRef>();
    const admit = (market: MarketDescription): void => {
      // Shares of exchange V3 are no conditional tokens: they cannot be merged or redeemed as such.
      if (market.version !== 3) refs.set(market.marketId, refOf(market));
    };
    for (const market of markets) admit(market);
    return {
      chain,
      journal,
      markets: refs,
      admit,
      close: () => {
        chain.stop();
        journal.close();
      },
    };
  } catch (error) {
    journal.close();
    throw error;
  }
}

/** What the wallet must let the venue's contracts take, for these markets. */
export function approvalsFor(markets: readonly MarketDescription[]): ApprovalRequest {
  const kinds = new Set(markets.map(({ negRisk }) => (negRisk ? "neg_risk" : "standard")));
  if (kinds.size === 0) kinds.add("standard");
  return { kinds: [...kinds], uses: ["trade", "merge_redeem"] };
}

/** The wallet's part of the checklist. */
export function checkWallet(
  { chain }: LiveWallet,
  markets: readonly MarketDescription[],
): Promise<readonly ChecklistLine[]> {
  return walletChecks(chain, approvalsFor(markets));
}

/**
 * The checks of a wallet as they matter to a run: one that nobody sends for (a proxy, a Safe or a deposit wallet without a key of the
 * relayer) trades all the same; its pairs wait, and what it lets take is set elsewhere.
 */
export function forRun(checks: readonly ChecklistLine[]): readonly ChecklistLine[] {
  if (!checks.some(({ id, status }) => id === "sender" && status === "fail")) return checks;
  return checks.map((check) => {
    if (check.id === "sender")
      return {
        ...check,
        status: "warn",
        found: `${check.found}: pairs are not merged and nothing is redeemed by the run`,
      };
    return check.id === "allowances"
      ? { ...check, fix: "Trade once, or approve, on polymarket.com." }
      : check;
  });
}

/** The wallet as the run's way to merge and redeem; `undefined` when nobody sends for it. */
export function settlementOf(
  wallet: LiveWallet,
  runId: string,
  clock: Clock,
  earlierRuns: readonly string[] = [],
): SettlementAdapter | undefined {
  if (wallet.chain.cannotSend !== undefined) return undefined;
  return createChainSettlement({
    wallet: wallet.chain,
    market: (marketId) => wallet.markets.get(marketId),
    runId,
    earlierRuns,
    clock,
  });
}

function refOf({ marketId, outcomes, negRisk }: MarketDescription): ChainMarketRef {
  return { conditionId: marketId, tokens: [outcomes[0].tokenId, outcomes[1].tokenId], negRisk };
}

/** On a chain of this machine nothing is ever reorganized unless a test does it, and blocks come when something is sent. */
function rehearsal({ execution }: BotConfig): object {
  return isLocal(execution.clob_url) ? { pollMs: 100, finality: { kind: "blocks", blocks: 0 } } : {};
}

/** Whether an address is on this machine. */
export function isLocal(url: string | undefined): boolean {
  return url !== undefined && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname);
}
