import {
  formatShares,
  formatUsdc,
  isMatchpointError,
  MatchpointError,
  type Shares,
  type Usdc,
} from "@matchpoint/sdk";
import { readAddress, readParties } from "../order/order.ts";
import { CONTRACTS, type Address } from "../venue/contracts.ts";
import { planApprovals, spendersFor, tokenOf, type SpenderState } from "./approvals.ts";
import { ChainReads } from "./chainReads.ts";
import { netTransfers } from "./proceeds.ts";
import { createRpcPool } from "./rpcPool.ts";
import { pol, refuse, type Refusal } from "./txPlan.ts";
import type { TxIntent, TxReport } from "./txRecord.ts";
import { TxSender } from "./txSender.ts";
import type { ActionSender } from "./actionSender.ts";
import { RelaySender } from "../relayer/relaySender.ts";
import { routeOf } from "../relayer/relayRoute.ts";
import { short, walletActions, type ChainMarketRef, type WalletAction } from "./walletActions.ts";
import type { ActHow, WalletChain, WalletResult } from "./walletTypes.ts";
import { WALLET_LIMITS, type WalletChainOptions, type WalletLimits } from "./walletOptions.ts";

/**
 * A wallet on the chain. It owns the nonces of its key: use that key for nothing else while it runs.
 *
 * @throws `MatchpointError` `CREDENTIALS_INVALID` when the signer's address is not the wallet's, `CONFIG_INVALID` on bad RPC
 *   addresses, `JOURNAL_CORRUPT` when the journal is another wallet's
 * @example
 * ```ts
 * import { createWalletChain, createWsTransport, type OrderParties } from "@matchpoint/adapters-polymarket";
 * import { SystemClock } from "@matchpoint/sdk";
 * import type { Wallet } from "ethers";
 * const show = async (signer: Wallet, parties: OrderParties) => {
 *   const rpcs = ["https://polygon-rpc.com"];
 *   const ports = { transport: createWsTransport(), clock: new SystemClock() };
 *   const wallet = await createWalletChain({ rpcs, chainId: 137, signer, parties, ...ports });
 *   for (const line of (await wallet.status()).lines) console.log(line);
 * };
 * ```
 */
export async function createWalletChain(options: WalletChainOptions): Promise<WalletChain> {
  const { rpcs: urls, chainId, signer, transport, clock, quorum, journal } = options;
  const limits: WalletLimits = { ...WALLET_LIMITS, ...options.limits };
  const parties = readParties(options.parties);
  const from = readAddress(await signer.getAddress(), "signer");
  if (from !== parties.wallet)
    throw new MatchpointError(
      "CREDENTIALS_INVALID",
      `the key is of ${from}, the account of ${parties.wallet}`,
      {
        hint: "give the key of the account's own wallet",
      },
    );
  const holder = parties.funder;
  const contracts = CONTRACTS[chainId];
  const pool = createRpcPool({
    ...{ urls, chainId, transport, clock, timeoutMs: limits.rpcTimeoutMs },
    ...(quorum === undefined ? {} : { quorum }),
  });
  const reads = new ChainReads(pool, contracts.conditionalTokens);
  const actions = walletActions(contracts, holder);
  const listeners = new Set<(report: TxReport) => void>();
  const { gas, finality, pollMs, replaceAfterMs, maxPending } = limits;
  const onReport = (report: TxReport): void => {
    for (const listener of [...listeners]) listener(report);
  };
  const shared = { pool, chainId, from, finality, clock, pollMs, onReport, ...(journal && { journal }) };
  const route = routeOf(parties, chainId, signer, options.relayer);
  const { relayed, cannotSend } = route;
  const sender: ActionSender =
    relayed === undefined
      ? new TxSender({ ...shared, signer, gas, replaceAfterMs, maxPending })
      : new RelaySender({ ...shared, ...relayed, wallet: holder, lostAfterMs: limits.lostAfterMs });
  let counter = 0;
  let readers = 0;

  async function guarded<T>(task: () => Promise<T>): Promise<T | Refusal> {
    try {
      return await task();
    } catch (error) {
      if (!isMatchpointError(error) || !error.code.startsWith("CHAIN_")) throw error;
      return refuse("NODES", error.message.split("\n")[0]!, error.hint ?? "nothing was sent; try again");
    }
  }

  async function act(action: WalletAction, how: ActHow = {}): Promise<WalletResult> {
    const { what } = action;
    if (cannotSend !== undefined) return refusedResult(what, cannotSend);
    counter += 1;
    const id = how.id ?? `${action.key}:${clock.wall()}:${counter}`;
    const intent: TxIntent = { ...action, id };
    if (how.dryRun === true && how.untried === true) {
      const calls = [action, ...(action.also ?? [])].flatMap(({ to, data }) => [
        `  to ${to}`,
        `  data ${data}`,
      ]);
      return { kind: "dry_run", what, lines: [`would ${what}, when that is final`, ...calls] };
    }
    if (how.dryRun === true) {
      const plan = await sender.rehearse(intent);
      if (plan.kind === "refused") return refusedResult(what, plan);
      if (plan.kind === "relay") return { kind: "dry_run", what, lines: plan.lines };
      const cost = `at most ${pol(plan.gasLimit * plan.fees.maxFee)} POL for gas`;
      const lines = [`would ${what}: ${cost}`, `  to ${action.to}`, `  data ${action.data}`];
      return { kind: "dry_run", what, lines };
    }
    const signal = how.signal;
    let settled: (report: TxReport | undefined) => void = () => undefined;
    const end = new Promise<TxReport | undefined>((resolve) => (settled = resolve));
    const leave = chain.onReport((report) => {
      if (report.intentId === id && (report.status === "FINAL" || report.status === "REVERTED"))
        settled(report);
    });
    const giveUp = (): void => settled(undefined);
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      const outcome = await sender.submit(intent);
      if (outcome.kind === "refused") return refusedResult(what, outcome);
      const { nonce, hash, relayId } = outcome;
      const name =
        hash ?? (relayId === undefined ? "not with the relayer for certain" : `request ${relayId}`);
      const sent: WalletResult = {
        ...{ kind: outcome.kind, what, nonce },
        ...(hash === undefined ? {} : { hash }),
        ...(relayId === undefined ? {} : { relayId }),
        lines: [
          `${outcome.kind === "sent" ? "sent" : `UNKNOWN (${outcome.detail})`}: ${what}, nonce ${nonce}, ${name}`,
        ],
      };
      if (how.wait === "sent" || signal?.aborted === true) return sent;
      const before = await sender.recall(id);
      const over = before?.status === "FINAL" || before?.status === "REVERTED" ? before : await watched(end);
      return over === undefined ? sent : resultOf(what, over);
    } finally {
      leave();
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Has the chain looked at while somebody waits. */
  async function watched<T>(end: Promise<T>): Promise<T> {
    readers += 1;
    sender.start();
    try {
      return await end;
    } finally {
      readers -= 1;
      if (readers === 0) sender.stop();
    }
  }

  function resultOf(what: string, report: TxReport): WalletResult {
    const { status, nonce, hash, detail } = report;
    const proceeds = chain.proceeds(report);
    const got = proceeds === undefined || proceeds === 0 ? "" : `, ${formatUsdc(proceeds)} pUSD`;
    const spent =
      report.receipt === undefined || relayed !== undefined
        ? ""
        : `, gas ${pol(report.receipt.gasUsed * report.receipt.gasPrice)} POL`;
    const line =
      status === "FINAL"
        ? `final: ${what}${got}${spent}, ${hash ?? ""}`
        : `reverted: ${what}${detail === undefined ? "" : `: ${detail}`}${spent}`;
    return {
      ...{ kind: status === "FINAL" ? "final" : "reverted", what, nonce, lines: [line] },
      ...(hash === undefined ? {} : { hash }),
      ...(proceeds === undefined ? {} : { proceeds }),
    };
  }

  async function checked(
    kind: "split" | "merge" | "redeem",
    market: ChainMarketRef,
    amounts: readonly [number, number],
    action: () => WalletAction,
    how?: ActHow,
  ): Promise<WalletResult> {
    if (cannotSend !== undefined) return refusedResult(`${kind} of ${short(market)}`, cannotSend);
    const known = how?.id === undefined ? undefined : sender.status(how.id);
    const obstacle =
      known === undefined && how?.untried !== true
        ? await guarded(() => chain.obstacle(kind, market, amounts))
        : undefined;
    return obstacle === undefined
      ? act(action(), how)
      : refusedResult(`${kind} of ${short(market)}`, obstacle);
  }

  async function held(market: ChainMarketRef, at?: string): Promise<readonly [Shares, Shares]> {
    const block = at ?? (await reads.latest());
    return Promise.all([
      reads.shares(market.tokens[0], holder, block),
      reads.shares(market.tokens[1], holder, block),
    ]);
  }

  const chain: WalletChain = {
    ...{ holder, signer: from, contracts, limits, reads, cannotSend, actions },
    relayer: relayed?.relayer.label,
    rpcs: () => pool.health(),
    async status(markets = []) {
      const at = await reads.latest();
      const [made, wei, pusd, usdcE, ...positions] = await Promise.all([
        parties.signatureType === 0 || reads.hasCode(holder, at),
        reads.pol(from, at),
        reads.dollars(contracts.collateral, holder, at),
        contracts.usdcE === undefined ? undefined : reads.dollars(contracts.usdcE, holder, at),
        ...markets.map(async (market) => ({ market, held: await held(market, at) })),
      ]);
      const pending = sender.pending();
      const lines = [
        `wallet  ${holder}${from === holder ? "" : `, signed for by ${from}`}${made ? "" : ", not made yet"}`,
        `POL     ${pol(wei)} at ${from}`,
        `pUSD    ${formatUsdc(pusd)}`,
        ...(usdcE === undefined ? [] : [`USDC.e  ${formatUsdc(usdcE)}`]),
        ...positions.map(
          (each) => `${short(each.market)}  ${each.held.map(formatShares).join(" / ")} shares`,
        ),
        ...pending.map(({ nonce, status, hash }) => `pending nonce ${nonce}: ${status}, ${hash ?? ""}`),
        ...(sender.foreign === 0 ? [] : [`${sender.foreign} transactions of ${from} were not made here`]),
        ...pool.health().map(({ label, state, failures, outvoted }) => {
          return `${label}: ${state}, ${failures} failures, outvoted ${outvoted} times`;
        }),
      ];
      const { foreign } = sender;
      const rpcs = pool.health();
      return { holder, signer: from, made, pol: wei, usdcE, pusd, positions, pending, foreign, rpcs, lines };
    },
    async planApprovals({ kinds, uses, allowance = limits.allowance }) {
      const at = await reads.latest();
      const needs = spendersFor(contracts, kinds, uses);
      const states = await Promise.all(
        needs.map(async (need): Promise<SpenderState> => {
          if (need.token === "positions") {
            const current = await reads.isOperator(holder, need.spender, at);
            return { ...need, current, enough: current };
          }
          const token = tokenOf(contracts, need.token);
          const [current, balance] = await Promise.all([
            reads.allowance(token, holder, need.spender, at),
            reads.dollars(token, holder, at),
          ]);
          const bound = allowance === "unbounded" ? balance : Math.min(allowance, balance);
          return { ...need, current, enough: current > 0n && current >= BigInt(bound) };
        }),
      );
      return planApprovals(contracts, states, allowance);
    },
    async make(how) {
      const what = `make the wallet ${holder}`;
      if (cannotSend !== undefined) return refusedResult(what, cannotSend);
      const made = await guarded(async () => reads.hasCode(holder, await reads.latest()));
      if (typeof made === "object") return refusedResult(what, made);
      if (made || parties.signatureType < 2) return nothing(what, "it needs not be made");
      return act({ to: holder, data: "0x", what, key: "make", makes: true }, how);
    },
    async approve(plan, how) {
      const results: WalletResult[] = [];
      const [first, ...rest] = plan.steps;
      if (first !== undefined && relayed !== undefined) {
        const what = plan.steps.map((step) => step.what).join("; ");
        const also = rest.map(({ to, data }) => ({ to, data }));
        return [await act({ to: first.to, data: first.data, what, key: "approve", also }, how)];
      }
      for (const { need, what, to, data } of plan.steps) {
        const key = `approve:${need.token}:${need.spender}`;
        const one = how?.id === undefined ? how : { ...how, id: `${how.id}:${key}` };
        const result = await act({ to, data, what, key }, one);
        results.push(result);
        if (!["final", "dry_run", "sent"].includes(result.kind)) break;
      }
      return results;
    },
    wrap: (amount, how) => act(actions.wrap(amount), how),
    unwrap: (amount, how) => act(actions.unwrap(amount), how),
    split: (market, amount, how) =>
      checked("split", market, [amount, amount], () => actions.split(market, amount), how),
    async merge(market, amount, how) {
      const pairs = amount ?? (await guarded(async () => Math.min(...(await held(market))) as Shares));
      if (typeof pairs === "object") return refusedResult(`merge of ${short(market)}`, pairs);
      if (pairs === 0) return nothing(`merge of ${short(market)}`, "no complete pair is held");
      return checked("merge", market, [pairs, pairs], () => actions.merge(market, pairs), how);
    },
    async redeem(market, how) {
      const what = `redeem all of ${short(market)}`;
      const has = await guarded(() => held(market));
      if ("kind" in has) return refusedResult(what, has);
      if (has[0] + has[1] === 0 && how?.id === undefined) return nothing(what, "nothing of it is held");
      return checked("redeem", market, has, () => actions.redeem(market), how);
    },
    async obstacle(kind, market, amounts) {
      const at = await reads.latest();
      if (kind === "split") {
        const pusd = await reads.dollars(contracts.collateral, holder, at);
        const allowed = await reads.allowance(contracts.collateral, holder, actions.adapterOf(market), at);
        const needed = amounts[0];
        if (pusd < needed) return lacks(`${formatUsdc(needed as Usdc)} pUSD`, formatUsdc(pusd));
        return allowed < BigInt(needed) ? unapproved("pUSD", actions.adapterOf(market)) : undefined;
      }
      if (kind === "redeem" && (await reads.payouts(market.conditionId, at)).denominator === 0n)
        return refuse("AMOUNT", `${short(market)} is not resolved on the chain`, "try again when it is");
      const has = await held(market, at);
      for (const outcome of [0, 1] as const)
        if (has[outcome] < amounts[outcome]) {
          const needed = `${formatShares(amounts[outcome] as Shares)} shares of outcome ${outcome}`;
          return lacks(needed, formatShares(has[outcome]));
        }
      const operator = actions.adapterOf(market);
      return (await reads.isOperator(holder, operator, at))
        ? undefined
        : unapproved("outcome tokens", operator);
    },
    submit: async (action, id) => cannotSend ?? (await sender.submit({ ...action, id })),
    txStatus: (id) => sender.status(id),
    recall: (id) => sender.recall(id),
    proceeds: ({ status, receipt }) =>
      status === "FINAL" && receipt !== undefined
        ? netTransfers(receipt, contracts.collateral, holder)
        : undefined,
    onReport(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tick: () => sender.tick(),
    start() {
      readers += 1;
      sender.start();
    },
    stop() {
      readers = 0;
      sender.stop();
    },
  };
  return chain;
}

function refusedResult(what: string, { code, detail, fix }: Refusal): WalletResult {
  return { kind: "refused", what, code, lines: [`not sent: ${detail}`, `  ${fix}`] };
}

function nothing(what: string, why: string): WalletResult {
  return { kind: "nothing", what, lines: [`nothing to do: ${why}`] };
}

function lacks(needed: string, has: string): Refusal {
  return refuse(
    "AMOUNT",
    `${needed} are needed, the chain has ${has}`,
    "wait until what was traded is confirmed",
  );
}

function unapproved(token: string, spender: Address): Refusal {
  return refuse(
    "AMOUNT",
    `${spender} may not take the wallet's ${token}`,
    "approve it: matchpoint wallet approve",
  );
}
