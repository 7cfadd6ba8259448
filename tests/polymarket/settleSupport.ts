import {
  CHAIN_ADDRESSES,
  startLocalChain,
  startVenue,
  type LocalChain,
  type RunningVenue,
} from "@matchpoint/paper-venue";
import { Interface } from "ethers";
import { OrderType, Side } from "@polymarket/clob-client-v2";
import { expect } from "vitest";
import { setDelay, until, type listen, type Trader } from "./officialSupport.ts";

const CALLS = new Interface([
  "function approve(address spender, uint256 amount) returns (bool)",
  "function transfer(address to, uint256 amount) returns (bool)",
  "function redeemPositions(address, bytes32, bytes32, uint256[])",
]);
const { collateral, ctfExchange } = CHAIN_ADDRESSES;

/** A chain and a venue on it whose blocks come fast. */
export interface Place {
  readonly chain: LocalChain;
  readonly venue: RunningVenue;
  readonly errors: unknown[];
  /** What the venue took for deeds of wallets by themselves: a trade must never be among them. */
  readonly moves: number[];
  close(): Promise<void>;
}

export async function openPlace(options: Partial<Parameters<typeof startVenue>[0]> = {}): Promise<Place> {
  const chain = await startLocalChain();
  const errors: unknown[] = [];
  const venue = await startVenue({
    seed: 3,
    chain,
    settlement: { mined_ms: 250 },
    onChain: { blockMs: 130, confirmations: 6, retryMs: 200 },
    onError: (error) => errors.push(error),
    ...options,
  });
  for (const { conditionId } of venue.markets) setDelay(venue, conditionId, 0);
  const moves: number[] = [];
  const { exchange } = venue.venue;
  const transfer = exchange.transfer.bind(exchange);
  exchange.transfer = (...args) => {
    moves.push(args[2]);
    transfer(...args);
  };
  const close = async () => {
    await venue.close();
    await chain.close();
    expect(errors).toEqual([]);
  };
  return { chain, venue, errors, moves, close };
}

/** An admin command that must go through. */
export function tell({ venue }: Pick<Place, "venue">, command: object): void {
  const answer = venue.command(command);
  if (!answer.ok) throw new TypeError(answer.error);
}

/** Lets the exchange take so many micro-dollars of an address, as its owner would. */
export async function allow({ chain }: Place, address: string, amount: number): Promise<void> {
  const { status } = await chain.sendAs(
    address,
    collateral,
    CALLS.encodeFunctionData("approve", [ctfExchange, amount]),
  );
  expect(status).toBe("mined");
}

/** Sends pUSD to nobody in particular. */
export async function spend({ chain }: Place, address: string, amount: number): Promise<void> {
  const to = `0x${"5".repeat(40)}`;
  await chain.sendAs(address, collateral, CALLS.encodeFunctionData("transfer", [to, amount]));
}

/** Redeems all of a market, as its holder would. */
export async function redeem({ chain }: Place, address: string, market: string): Promise<void> {
  const args = [collateral, `0x${"0".repeat(64)}`, market, [1, 2]];
  const { status } = await chain.sendAs(
    address,
    CHAIN_ADDRESSES.ctfCollateralAdapter,
    CALLS.encodeFunctionData("redeemPositions", args),
  );
  expect(status).toBe("mined");
}

/** A user channel of one of those who trade. */
export type Feed = ReturnType<typeof listen>;

/**
 * Two bids that meet: one makes, the other takes at 0.45 what the first offers of the other outcome at 0.55. Ends with the trade's id
 * when the channel tells of the match: the official client's own answer waits until it is mined.
 */
export async function meet(
  feed: Feed,
  maker: Trader,
  taker: Trader,
  tokens: readonly string[],
  size: number,
): Promise<string> {
  const options = { tickSize: "0.01", negRisk: false } as const;
  const [yes, no] = tokens as [string, string];
  const bid = (who: Trader, tokenID: string, price: number): Promise<unknown> =>
    who.client.createAndPostOrder({ tokenID, side: Side.BUY, price, size }, options, OrderType.GTC);
  await bid(maker, no, 0.55);
  const from = feed.events.length;
  const match = () =>
    feed.events.slice(from).find((each) => each["event_type"] === "trade" && each["status"] === "MATCHED");
  await Promise.race([bid(taker, yes, 0.45), soon(() => match() !== undefined)]);
  return String(match()!["id"]);
}

/** The states that a trade was told to be in, each once, and its transactions. */
export function story(events: readonly Record<string, unknown>[], id: string) {
  const told = events.filter((each) => each["event_type"] === "trade" && each["id"] === id);
  return {
    states: told.map(({ status }) => String(status)),
    hashes: told.map((each) => String(each["transaction_hash"])),
  };
}

/** What is the venue's is the chain's. */
export async function same(
  { venue, chain }: Place,
  address: string,
  tokens: readonly string[],
): Promise<void> {
  await venue.idle();
  const view = venue.venue.exchange.view(address.toLowerCase());
  const { pusd, tokens: held } = await chain.balances(address, tokens);
  expect(view.balances().collateral).toBe(pusd);
  const market = venue.markets.find((each) => each.tokens[0]?.tokenId === tokens[0])!.conditionId;
  const of = (outcome: number) =>
    view.positions().find((each) => each.marketId === market && each.outcome === outcome)?.matched ?? 0;
  expect([of(0), of(1)]).toEqual(held);
}

export const soon = (what: () => boolean): Promise<void> => until(what, 8_000);
