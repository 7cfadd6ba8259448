import {
  createRelayer,
  createWalletChain,
  createWsTransport,
  deriveWallets,
  RELAY_CONTRACTS,
  type Address,
  type ChainMarketRef,
  type Relayer,
  type RelayerCredentials,
  type TxEntry,
  type TxReport,
  type WalletChain,
} from "@matchpoint/adapters-polymarket";
import {
  questionIdOf,
  REHEARSAL_BUILDER,
  startLocalChain,
  startVenue,
  type ChainMarket,
  type LocalChain,
  type RelayerFault,
  type RunningVenue,
} from "@matchpoint/paper-venue";
import { SystemClock, type Transport } from "@matchpoint/sdk";
import type { Wallet } from "ethers";
import { expect } from "vitest";
import { testWallet } from "./chainSupport.ts";

/** A chain with a venue on it, whose relayer sends. */
export interface Yard {
  readonly chain: LocalChain;
  readonly venue: RunningVenue;
  /** Has the relayer's next requests go wrong. */
  fault(kind: RelayerFault, count?: number): Promise<void>;
  /** A market that nobody else trades. */
  list(): Promise<ChainMarketRef & ChainMarket>;
  close(): Promise<void>;
}

export async function openYard(): Promise<Yard> {
  const chain = await startLocalChain();
  const errors: unknown[] = [];
  const venue = await startVenue({
    ...{ seed: 5, chain, liquidity: "none", tickChanges: false },
    onError: (error) => errors.push(error),
  });
  let markets = 0;
  return {
    ...{ chain, venue },
    async fault(kind, count = 1) {
      const body = JSON.stringify({ kind, count });
      expect((await fetch(`${venue.relayer!}/fault`, { method: "POST", body })).status).toBe(200);
    },
    async list() {
      markets += 1;
      const questionId = questionIdOf(`relayed ${markets}`);
      return { ...(await chain.prepareMarket({ questionId })), negRisk: false };
    },
    async close() {
      await venue.close();
      await chain.close();
      expect(errors).toEqual([]);
    },
  };
}

/** A contract wallet, empty at first, and what was written down and told of it. */
export interface Relayed {
  readonly wallet: WalletChain;
  readonly relayer: Relayer;
  readonly key: Wallet;
  readonly holder: Address;
  readonly entries: TxEntry[];
  readonly reports: TxReport[];
  /** Bodies that were handed to the relayer. */
  readonly posted: string[];
}

let keys = 3_000;

export async function openRelayed(
  { chain, venue }: Yard,
  signatureType: 1 | 2 | 3,
  over: {
    readonly key?: Wallet;
    readonly kept?: readonly TxEntry[];
    readonly builder?: boolean;
    readonly timeoutMs?: number;
    readonly lostAfterMs?: number;
    readonly journal?: (entry: TxEntry) => void;
  } = {},
): Promise<Relayed> {
  keys += 1;
  const { key = testWallet(keys), kept = [], timeoutMs = 2_000, lostAfterMs = 60_000 } = over;
  const from = key.address as Address;
  const holder = deriveWallets(from, signatureType, RELAY_CONTRACTS[137]!)[0]!;
  const clock = new SystemClock();
  const inner = createWsTransport();
  const posted: string[] = [];
  const transport: Transport = {
    connect: (...args) => inner.connect(...args),
    request(call) {
      if (call.method === "POST" && call.url.endsWith("/submit")) posted.push(call.body!);
      return inner.request(call);
    },
  };
  const credentials: RelayerCredentials =
    over.builder === true
      ? { kind: "builder_key", ...REHEARSAL_BUILDER }
      : { kind: "relayer_key", key: `key-of-${from}`, address: from };
  const relayer = createRelayer({
    ...{ credentials, transport, clock, url: venue.relayer!, timeoutMs },
    perMinute: 6_000,
  });
  const entries: TxEntry[] = [...kept];
  const wallet = await createWalletChain({
    ...{ rpcs: [chain.rpc], chainId: 137, signer: key, transport, clock, relayer },
    parties: { signatureType, wallet: from, funder: holder },
    journal: {
      entries: kept,
      append(entry) {
        over.journal?.(entry);
        entries.push(entry);
      },
    },
    limits: { pollMs: 30, finality: { kind: "blocks", blocks: 0 }, lostAfterMs },
  });
  const reports: TxReport[] = [];
  wallet.onReport((report) => reports.push(report));
  return { wallet, relayer, key, holder, entries, reports, posted };
}
