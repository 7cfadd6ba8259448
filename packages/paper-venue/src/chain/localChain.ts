import { MatchpointError, type Usdc } from "@matchpoint/sdk";
import { AbiCoder, Interface, keccak256, toBeHex } from "ethers";
import { CHAIN_ADDRESSES, LOCAL_CHAIN_ID, RELAY_ADDRESSES, RELAY_OPERATOR, STEWARD } from "./addresses.ts";
import { startAnvil } from "./anvil.ts";
import { ARTIFACTS, type Artifact } from "./artifacts.ts";
import { conditionIdOf, tokenIdsOf } from "./ids.ts";
import { NodeRpc, type RpcRefusal } from "./nodeRpc.ts";
import { matchCall, type ChainMatch } from "./settleTrade.ts";

/** How a local chain is started. */
export interface LocalChainOptions {
  /** Only Polygon's: the official client signs for it. */
  readonly chainId?: typeof LOCAL_CHAIN_ID;
  /** Default: any that is free. */
  readonly port?: number;
  /** The `anvil` program. Default: see `findAnvil`. */
  readonly program?: string;
}

/** A market on the local chain. */
export interface ChainMarket {
  readonly conditionId: string;
  /** Absent when the condition was given by its id alone. */
  readonly questionId?: string;
  /** Ids of the two outcome tokens as decimal numbers. */
  readonly tokens: readonly [string, string];
}

/** What came of a transaction that was mined. `reason` is the contract's own word for why it reverted. */
export interface MinedTransaction {
  readonly hash: string;
  readonly status: "mined" | "reverted";
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly reason?: string;
}

/** An Ethereum node of this machine with Polymarket's contracts in miniature at their addresses. All amounts in millionths. */
export interface LocalChain {
  readonly rpc: string;
  readonly chainId: typeof LOCAL_CHAIN_ID;
  close(): Promise<void>;
  /** Any call of the node's JSON-RPC, its `anvil_` and `evm_` calls included. */
  send<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>;
  /** Adds dollars; `pol` (in wei) is set, not added. pUSD is wrapped from as much USDC.e. */
  fund(
    address: string,
    money: { readonly pol?: bigint; readonly usdcE?: Usdc; readonly pusd?: Usdc },
  ): Promise<void>;
  /** A market by its question, whose answer {@link LocalChain.resolve} gives; or by the id of a condition from elsewhere. */
  prepareMarket(
    market: { readonly questionId: string } | { readonly conditionId: string },
  ): Promise<ChainMarket>;
  /** Makes a wallet of signature type 1, 2 or 3 known: whose signatures count for it. With type 3 its code is put there. */
  adoptWallet(wallet: string, owner: string, signatureType: 1 | 2 | 3): Promise<void>;
  /** Sends a call in the name of any address, and waits until it is mined. */
  sendAs(from: string, to: string, data: string): Promise<MinedTransaction>;
  /** Approves all that trading, splitting and merging need, in the name of any address, without bound: for market makers. */
  approveAll(address: string): Promise<void>;
  /** Settles one match on the exchange. A revert is an answer, not an exception. */
  settleTrade(match: ChainMatch): Promise<MinedTransaction>;
  /** Reports what each outcome pays, as parts of a whole: `[1, 0]`, or `[1, 1]` for half and half. */
  resolve(market: ChainMarket, payouts: readonly [number, number]): Promise<void>;
  /** pUSD, USDC.e, POL (wei) and the given tokens of an address. */
  balances(address: string, tokens?: readonly string[]): Promise<ChainBalances>;
  mine(blocks?: number): Promise<void>;
  /** On by default: each transaction is mined in a block of its own at once. Off: only by {@link LocalChain.mine}. */
  automine(on: boolean): Promise<void>;
  /** Replaces the latest blocks by empty ones: what they held is undone and forgotten. */
  reorg(depth: number): Promise<void>;
  /** Pauses or lets go what wraps, unwraps, splits, merges and redeems, or the exchanges. */
  pause(what: "onramp" | "offramp" | "adapter" | "exchange", on: boolean): Promise<void>;
}

/** What an address holds. */
export interface ChainBalances {
  readonly pol: bigint;
  readonly usdcE: Usdc;
  readonly pusd: Usdc;
  /** In the order asked for, in millionths of a share. */
  readonly tokens: readonly number[];
}

const CODE: readonly (readonly [string, Artifact])[] = [
  [CHAIN_ADDRESSES.usdcE, ARTIFACTS.MockUsdcE],
  [CHAIN_ADDRESSES.collateral, ARTIFACTS.Pusd],
  [CHAIN_ADDRESSES.collateralOnramp, ARTIFACTS.CollateralOnramp],
  [CHAIN_ADDRESSES.collateralOfframp, ARTIFACTS.CollateralOfframp],
  [CHAIN_ADDRESSES.conditionalTokens, ARTIFACTS.ConditionalTokens],
  [CHAIN_ADDRESSES.ctfCollateralAdapter, ARTIFACTS.CtfCollateralAdapter],
  [CHAIN_ADDRESSES.negRiskCtfCollateralAdapter, ARTIFACTS.CtfCollateralAdapter],
  [CHAIN_ADDRESSES.ctfExchange, ARTIFACTS.CtfExchange],
  [CHAIN_ADDRESSES.negRiskExchange, ARTIFACTS.CtfExchange],
  [RELAY_ADDRESSES.safeFactory, ARTIFACTS.SafeFactory],
  [RELAY_ADDRESSES.safeMultisend, ARTIFACTS.SafeMultisend],
  [RELAY_ADDRESSES.proxyFactory, ARTIFACTS.ProxyWalletFactory],
  [RELAY_ADDRESSES.proxyImplementation, ARTIFACTS.ProxyWallet],
  [RELAY_ADDRESSES.relayHub, ARTIFACTS.RelayHub],
  [RELAY_ADDRESSES.depositWalletFactory, ARTIFACTS.DepositWalletFactory],
  [RELAY_ADDRESSES.depositWalletBeacon, ARTIFACTS.DepositWalletBeacon],
  [RELAY_ADDRESSES.depositWalletImplementation, ARTIFACTS.DepositWallet],
];

const face = (artifact: Artifact): Interface => new Interface(artifact.abi);
const ERC20 = face(ARTIFACTS.MockUsdcE);
const CTF = face(ARTIFACTS.ConditionalTokens);
const RAMP = face(ARTIFACTS.CollateralOnramp);
const EXCHANGE = face(ARTIFACTS.CtfExchange);
const WALLET = face(ARTIFACTS.DepositWallet);
const ALL = [EXCHANGE, CTF, ERC20, RAMP, face(ARTIFACTS.Pusd), WALLET];

interface Receipt {
  readonly status: string;
  readonly blockNumber: string;
  readonly blockHash: string;
}

const MOST_ASKED = 5_000;
const RICH = 10n ** 24n;
const UNBOUNDED = (1n << 256n) - 1n;
const GAS = "0x1c9c380";
/** Where `ConditionalTokens` keeps payouts: its third and fourth variables. */
const NUMERATORS = 2n;
const DENOMINATORS = 3n;

/**
 * Starts `anvil` and puts the contracts in place. Neg-risk markets are ordinary conditions here; their exchange and adapter
 * differ from the others by nothing but their addresses.
 *
 * @throws `MatchpointError` `FILE_NOT_FOUND` when there is no `anvil`; `FEED_CONNECTION` when it does not start
 * @example
 * ```ts
 * import { startLocalChain } from "@matchpoint/paper-venue";
 * const chain = await startLocalChain();
 * await chain.fund("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", { pol: 10n ** 18n });
 * await chain.close();
 * ```
 */
export async function startLocalChain(options: LocalChainOptions = {}): Promise<LocalChain> {
  const chainId = options.chainId ?? LOCAL_CHAIN_ID;
  const node = await startAnvil({ ...options, chainId });
  const rpc = new NodeRpc(node.url);
  const send = <T = unknown>(method: string, params: readonly unknown[] = []): Promise<T> =>
    rpc.send<T>(method, params);
  let mining = true;

  async function sendAs(from: string, to: string, data: string): Promise<MinedTransaction> {
    const hash = await send<string>("eth_sendTransaction", [{ from, to, data, gas: GAS }]);
    if (!mining) await send("anvil_mine", ["0x1"]);
    const receipt = await receiptOf(hash);
    const { blockNumber, blockHash } = receipt;
    const found = { hash, blockNumber: Number(blockNumber), blockHash };
    if (receipt.status === "0x1") return { ...found, status: "mined" };
    const reason = await why(from, to, data, toBeHex(Number(blockNumber) - 1));
    return { ...found, status: "reverted", ...(reason === undefined ? {} : { reason }) };
  }

  /** The node answers before its miner is done: the question itself is the wait. */
  async function receiptOf(hash: string): Promise<Receipt> {
    for (let asked = 0; asked < MOST_ASKED; asked += 1) {
      const receipt = await send<Receipt | null>("eth_getTransactionReceipt", [hash]);
      if (receipt !== null) return receipt;
    }
    throw new MatchpointError("HTTP_FAILED", "the local chain does not mine a transaction", { where: hash });
  }

  async function why(from: string, to: string, data: string, block: string): Promise<string | undefined> {
    try {
      await send("eth_call", [{ from, to, data, gas: GAS }, block.replace(/^0x0+(?=.)/, "0x")]);
      return undefined;
    } catch (error) {
      const refusal = (error as MatchpointError).context["refusal"] as RpcRefusal | undefined;
      return reasonOf(refusal) ?? (error as Error).message;
    }
  }

  async function act(to: string, data: string, from: string = STEWARD): Promise<void> {
    const { status, reason } = await sendAs(from, to, data);
    if (status === "reverted")
      throw new MatchpointError("INVARIANT", `the local chain refused its steward: ${reason ?? "no reason"}`);
  }

  async function read(face: Interface, to: string, name: string, args: readonly unknown[]): Promise<bigint> {
    const data = face.encodeFunctionData(name, args);
    const out = await send<string>("eth_call", [{ to, data }, "latest"]);
    return face.decodeFunctionResult(name, out)[0] as bigint;
  }

  const chain: LocalChain = {
    rpc: node.url,
    chainId,
    close: () => node.close(),
    send,
    sendAs,
    async fund(address, { pol, usdcE = 0, pusd = 0 }) {
      if (pol !== undefined) await send("anvil_setBalance", [address, toBeHex(pol)]);
      if (usdcE > 0) await act(CHAIN_ADDRESSES.usdcE, ERC20.encodeFunctionData("mint", [address, usdcE]));
      if (pusd === 0) return;
      const { usdcE: asset, collateralOnramp } = CHAIN_ADDRESSES;
      await act(asset, ERC20.encodeFunctionData("mint", [STEWARD, pusd]));
      await act(asset, ERC20.encodeFunctionData("approve", [collateralOnramp, pusd]));
      await act(collateralOnramp, RAMP.encodeFunctionData("wrap", [asset, address, pusd]));
    },
    async prepareMarket(market) {
      if ("questionId" in market) {
        const { questionId } = market;
        const conditionId = conditionIdOf(questionId);
        const args = [STEWARD, questionId, 2];
        await act(CHAIN_ADDRESSES.conditionalTokens, CTF.encodeFunctionData("prepareCondition", args));
        return { conditionId, questionId, tokens: tokenIdsOf(conditionId) };
      }
      const { conditionId } = market;
      await store(CHAIN_ADDRESSES.conditionalTokens, slotOf(conditionId, NUMERATORS), 2n);
      return { conditionId, tokens: tokenIdsOf(conditionId) };
    },
    async adoptWallet(wallet, owner, signatureType) {
      if (signatureType === 3) {
        // One that its factory made is the key's already.
        if ((await send<string>("eth_getCode", [wallet, "latest"])) !== "0x") return;
        await send("anvil_setCode", [wallet, ARTIFACTS.DepositWallet.runtime]);
        await act(wallet, WALLET.encodeFunctionData("initialize", [owner]));
        return;
      }
      const data = EXCHANGE.encodeFunctionData("setWallet", [owner, signatureType, wallet]);
      await act(CHAIN_ADDRESSES.ctfExchange, data);
      await act(CHAIN_ADDRESSES.negRiskExchange, data);
    },
    async approveAll(address) {
      const { pol } = await chain.balances(address);
      if (pol < 10n ** 18n) await chain.fund(address, { pol: 10n ** 18n });
      const { ctfExchange, negRiskExchange, ctfCollateralAdapter, negRiskCtfCollateralAdapter } =
        CHAIN_ADDRESSES;
      for (const spender of [
        ctfExchange,
        negRiskExchange,
        ctfCollateralAdapter,
        negRiskCtfCollateralAdapter,
      ]) {
        const approve = ERC20.encodeFunctionData("approve", [spender, UNBOUNDED]);
        await act(CHAIN_ADDRESSES.collateral, approve, address);
        const approveAll = CTF.encodeFunctionData("setApprovalForAll", [spender, true]);
        await act(CHAIN_ADDRESSES.conditionalTokens, approveAll, address);
      }
    },
    settleTrade(match) {
      const exchange = match.negRisk === true ? CHAIN_ADDRESSES.negRiskExchange : CHAIN_ADDRESSES.ctfExchange;
      return sendAs(STEWARD, exchange, EXCHANGE.encodeFunctionData("matchOrders", matchCall(match)));
    },
    async resolve({ conditionId, questionId }, payouts) {
      if (questionId !== undefined) {
        const data = CTF.encodeFunctionData("reportPayouts", [questionId, payouts]);
        await act(CHAIN_ADDRESSES.conditionalTokens, data);
        return;
      }
      // A condition from elsewhere has an oracle that is not here: its answer is written down for it.
      const { conditionalTokens } = CHAIN_ADDRESSES;
      const first = BigInt(keccak256(slotOf(conditionId, NUMERATORS)));
      await store(conditionalTokens, toBeHex(first, 32), BigInt(payouts[0]));
      await store(conditionalTokens, toBeHex(first + 1n, 32), BigInt(payouts[1]));
      await store(conditionalTokens, slotOf(conditionId, DENOMINATORS), BigInt(payouts[0] + payouts[1]));
    },
    async balances(address, tokens = []) {
      const [pol, usdcE, pusd, ...held] = await Promise.all([
        send<string>("eth_getBalance", [address, "latest"]),
        read(ERC20, CHAIN_ADDRESSES.usdcE, "balanceOf", [address]),
        read(ERC20, CHAIN_ADDRESSES.collateral, "balanceOf", [address]),
        ...tokens.map((id) => read(CTF, CHAIN_ADDRESSES.conditionalTokens, "balanceOf", [address, id])),
      ]);
      return {
        pol: BigInt(pol),
        usdcE: Number(usdcE) as Usdc,
        pusd: Number(pusd) as Usdc,
        tokens: held.map(Number),
      };
    },
    async mine(blocks = 1) {
      await send("anvil_mine", [toBeHex(blocks)]);
    },
    async automine(on) {
      mining = on;
      await send("evm_setAutomine", [on]);
    },
    async reorg(depth) {
      await send("anvil_reorg", [depth, []]);
    },
    async pause(what, on) {
      if (what === "exchange") {
        const data = EXCHANGE.encodeFunctionData(on ? "pauseTrading" : "unpauseTrading");
        await act(CHAIN_ADDRESSES.ctfExchange, data);
        await act(CHAIN_ADDRESSES.negRiskExchange, data);
        return;
      }
      const data = RAMP.encodeFunctionData(on ? "pause" : "unpause", [CHAIN_ADDRESSES.usdcE]);
      const { collateralOnramp, collateralOfframp, ctfCollateralAdapter } = CHAIN_ADDRESSES;
      const at = { onramp: collateralOnramp, offramp: collateralOfframp, adapter: ctfCollateralAdapter };
      await act(at[what], data);
    },
  };

  async function store(address: string, slot: string, value: bigint): Promise<void> {
    await send("anvil_setStorageAt", [address, slot, toBeHex(value, 32)]);
  }

  try {
    for (const [address, { runtime }] of CODE) await send("anvil_setCode", [address, runtime]);
    for (const rich of [STEWARD, RELAY_OPERATOR]) await send("anvil_setBalance", [rich, toBeHex(RICH)]);
    await send("anvil_autoImpersonateAccount", [true]);
  } catch (error) {
    await node.close();
    throw error;
  }
  return chain;
}

/** Where a mapping from 32 bytes keeps a value. */
function slotOf(key: string, variable: bigint): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [key, variable]));
}

/** A contract's own error by its name, or the text that it reverted with. */
function reasonOf(refusal: RpcRefusal | undefined): string | undefined {
  const data = refusal?.data;
  if (typeof data !== "string" || !data.startsWith("0x") || data.length < 10) return undefined;
  for (const each of ALL) {
    const found = each.parseError(data);
    if (found?.name === "Error") return String(found.args[0]);
    if (found !== null) return found.name;
  }
  return undefined;
}
