import { Interface, toBeHex } from "ethers";
import { allSpenders } from "../auth/contracts.ts";
import { CHAIN_ADDRESSES } from "../chain/addresses.ts";
import { ARTIFACTS } from "../chain/artifacts.ts";
import type { LocalChain } from "../chain/localChain.ts";
import { matchCall, type ChainMatch } from "../chain/settleTrade.ts";
import type { ChainHoldings } from "../contract.ts";

/** A block by its number and hash. */
export interface Head {
  readonly number: number;
  readonly hash: string;
}

interface Log {
  readonly topics: readonly string[];
}

const ERC20 = new Interface(ARTIFACTS.Pusd.abi);
const CTF = new Interface(ARTIFACTS.ConditionalTokens.abi);
const EXCHANGE = new Interface(ARTIFACTS.CtfExchange.abi);
const MATCHED = EXCHANGE.getEvent("OrdersMatched")!.topicHash;
const { collateral, conditionalTokens, ctfExchange, negRiskExchange } = CHAIN_ADDRESSES;

/** Numbers as nodes want them. */
const quantity = (value: number): string => toBeHex(value).replace(/^0x0+(?=.)/, "0x");

/** A block, the latest unless a number is given; `undefined` when the chain has none of that number. */
export async function headOf(chain: LocalChain, number?: number): Promise<Head | undefined> {
  const tag = number === undefined ? "latest" : quantity(number);
  const block = await chain.send<{ number: string; hash: string } | null>("eth_getBlockByNumber", [
    tag,
    false,
  ]);
  return block === null ? undefined : { number: Number(block.number), hash: block.hash };
}

/** Addresses in lower case that dollars, shares or approvals of theirs moved within blocks. */
export async function touchedIn(chain: LocalChain, from: number, to: number): Promise<ReadonlySet<string>> {
  const filter = {
    address: [collateral, conditionalTokens],
    fromBlock: quantity(from),
    toBlock: quantity(to),
  };
  const touched = new Set<string>();
  // The first topic names the event; whatever it is about stands in the others.
  for (const { topics } of await chain.send<readonly Log[]>("eth_getLogs", [filter]))
    for (const topic of topics.slice(1)) touched.add(`0x${topic.slice(-40).toLowerCase()}`);
  return touched;
}

/** The transaction in which a match was settled after a block; `undefined` when the chain has none: what was asked never arrived. */
export async function settledSince(
  chain: LocalChain,
  match: ChainMatch,
  block: number,
): Promise<{ readonly hash: string; readonly blockNumber: number } | undefined> {
  const to = match.negRisk === true ? negRiskExchange : ctfExchange;
  const data = EXCHANGE.encodeFunctionData("hashOrder", [matchCall(match)[1]]);
  const orderHash = await chain.send<string>("eth_call", [{ to, data }, "latest"]);
  // Nodes refuse to be asked for blocks that are yet to come.
  if ((await headOf(chain))!.number <= block) return undefined;
  const filter = {
    address: to,
    topics: [MATCHED, orderHash],
    fromBlock: quantity(block + 1),
    toBlock: "latest",
  };
  const logs = await chain.send<readonly { transactionHash: string; blockNumber: string }[]>("eth_getLogs", [
    filter,
  ]);
  const found = logs[0];
  return found === undefined
    ? undefined
    : { hash: found.transactionHash, blockNumber: Number(found.blockNumber) };
}

/** All that the venue needs to know of an address, as it was in a block. */
export async function holdingsOf(
  chain: LocalChain,
  address: string,
  tokens: readonly string[],
  block: number,
): Promise<ChainHoldings> {
  const read = async (
    face: Interface,
    to: string,
    name: string,
    args: readonly unknown[],
  ): Promise<unknown> => {
    const call = { to, data: face.encodeFunctionData(name, args) };
    const out = await chain.send<string>("eth_call", [call, quantity(block)]);
    return face.decodeFunctionResult(name, out)[0];
  };
  const spenders = allSpenders(chain.chainId);
  const [dollars, shares, allowances, operators] = await Promise.all([
    read(ERC20, collateral, "balanceOf", [address]),
    read(CTF, conditionalTokens, "balanceOfBatch", [tokens.map(() => address), tokens]),
    Promise.all(spenders.map((spender) => read(ERC20, collateral, "allowance", [address, spender]))),
    Promise.all(
      spenders.map((spender) => read(CTF, conditionalTokens, "isApprovedForAll", [address, spender])),
    ),
  ]);
  const held = shares as readonly bigint[];
  return {
    address,
    dollars: Number(dollars),
    shares: new Map(tokens.map((token, n) => [token, Number(held[n])])),
    allowances: new Map(spenders.map((spender, n) => [spender.toLowerCase(), allowances[n] as bigint])),
    operators: new Map(spenders.map((spender, n) => [spender.toLowerCase(), operators[n] as boolean])),
  };
}
