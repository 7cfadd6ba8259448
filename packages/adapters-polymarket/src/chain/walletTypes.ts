import type { Shares, Usdc } from "@matchpoint/sdk";
import type { Address, VenueContracts } from "../venue/contracts.ts";
import type { ApprovalPlan, MarketKind, WalletUse } from "./approvals.ts";
import type { ChainReads } from "./chainReads.ts";
import type { RpcHealth } from "./rpcPool.ts";
import type { Refusal } from "./txPlan.ts";
import type { SendOutcome, SendRefusal, TxReport, TxStatus } from "./txRecord.ts";
import type { ChainMarketRef, WalletAction, WalletActions } from "./walletActions.ts";
import type { WalletLimits } from "./walletOptions.ts";

/** How an action is done. */
export interface ActHow {
  /** Only says what would be sent and what it would cost. */
  readonly dryRun?: boolean;
  /** With `dryRun`: says what would be sent and tries nothing, because something before it was only rehearsed. */
  readonly untried?: boolean;
  /** Until when to wait. Default `final`. */
  readonly wait?: "sent" | "final";
  /** What has the same id is done once, also after a restart. Default: a new one. */
  readonly id?: string;
  readonly signal?: AbortSignal;
}

/** What came of an action, as data and in words. */
export interface WalletResult {
  readonly kind: "dry_run" | "nothing" | "refused" | "sent" | "final" | "reverted" | "unknown";
  readonly what: string;
  readonly lines: readonly string[];
  readonly code?: SendRefusal;
  readonly hash?: string;
  readonly nonce?: number;
  /** The relayer's name for it. */
  readonly relayId?: string;
  /** pUSD that the wallet got, less what it gave, by the token's own logs; with `final`. */
  readonly proceeds?: Usdc;
}

/** What a wallet holds at one block. */
export interface WalletStatus {
  readonly holder: Address;
  readonly signer: Address;
  /** Whether the contract wallet was made; a plain one need not be. */
  readonly made: boolean;
  /** In wei, of the signer, who pays for gas unless the relayer does. */
  readonly pol: bigint;
  readonly usdcE: Usdc | undefined;
  readonly pusd: Usdc;
  readonly positions: readonly {
    readonly market: ChainMarketRef;
    readonly held: readonly [Shares, Shares];
  }[];
  readonly pending: readonly TxReport[];
  /** Transactions of the signer that were mined since the start and were not made here. */
  readonly foreign: number;
  readonly rpcs: readonly RpcHealth[];
  readonly lines: readonly string[];
}

/** What approvals are asked for. */
export interface ApprovalRequest {
  readonly kinds: readonly MarketKind[];
  readonly uses: readonly WalletUse[];
  /** Default: the wallet's limit. */
  readonly allowance?: Usdc | "unbounded";
}

/** One wallet on the chain: what it holds, what it lets others take, and what it does. */
export interface WalletChain {
  readonly holder: Address;
  readonly signer: Address;
  readonly contracts: VenueContracts;
  readonly limits: WalletLimits;
  readonly reads: ChainReads;
  /** Why nothing can be sent for this wallet; `undefined` when it can. */
  readonly cannotSend: Refusal | undefined;
  /** The relayer that sends for it; `undefined` for a plain wallet, which sends for itself. */
  readonly relayer: string | undefined;
  status(markets?: readonly ChainMarketRef[]): Promise<WalletStatus>;
  rpcs(): readonly RpcHealth[];
  /** What spenders have and what is missing; enough is the bound, or all that the wallet holds when that is less. */
  planApprovals(request: ApprovalRequest): Promise<ApprovalPlan>;
  /** Has a contract wallet made that is only an address yet; nothing to do otherwise. */
  make(how?: ActHow): Promise<WalletResult>;
  /** Sends what a plan lacks: one after the other until one is not final, or all as one through the relayer. */
  approve(plan: ApprovalPlan, how?: ActHow): Promise<readonly WalletResult[]>;
  wrap(amount: Usdc, how?: ActHow): Promise<WalletResult>;
  unwrap(amount: Usdc, how?: ActHow): Promise<WalletResult>;
  split(market: ChainMarketRef, amount: Shares, how?: ActHow): Promise<WalletResult>;
  /** Without an amount: all complete pairs. */
  merge(market: ChainMarketRef, amount?: Shares, how?: ActHow): Promise<WalletResult>;
  /** Everything held of a resolved market; nothing when nothing is held. */
  redeem(market: ChainMarketRef, how?: ActHow): Promise<WalletResult>;
  /** What keeps an amount from being split, merged or redeemed; by the chain's own balances. */
  obstacle(
    kind: "split" | "merge" | "redeem",
    market: ChainMarketRef,
    amounts: readonly [number, number],
  ): Promise<Refusal | undefined>;
  actions: WalletActions;
  /** Hands in an action without waiting. */
  submit(action: WalletAction, id: string): Promise<SendOutcome>;
  txStatus(id: string): TxStatus | undefined;
  recall(id: string): Promise<TxReport | undefined>;
  proceeds(report: TxReport): Usdc | undefined;
  /** Calls back with every report, until what it returns is called. */
  onReport(listener: (report: TxReport) => void): () => void;
  /** One look at what is under way; {@link WalletChain.start} has it done again and again. */
  tick(): Promise<void>;
  start(): void;
  stop(): void;
}
