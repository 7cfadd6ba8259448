import { id, type MarketDescription, type MarketId, type Price, type Shares } from "@matchpoint/sdk";
import { decodeClobMarket } from "../gamma/clobMarket.ts";
import type { ClobHttp } from "./clobHttp.ts";
import type { GatewayMarkets } from "./gatewayMarkets.ts";

/** Records that wait for their market at most; more are handed back to be quarantined. */
const WAITING = 1_000;
/** After so many looks in vain a record is given up, and said to be. */
const LOOKS = 5;

interface Parked {
  readonly marketId: string;
  readonly record: unknown;
  looks: number;
}

/** Finds out what tokens stand for that trades of ours name and nobody has told us of. */
export class TokenFinder {
  readonly #http: ClobHttp;
  readonly #markets: GatewayMarkets;
  readonly #timeoutMs: number;
  readonly #parked = new Map<string, Parked[]>();
  #count = 0;

  constructor(http: ClobHttp, markets: GatewayMarkets, timeoutMs: number) {
    this.#http = http;
    this.#markets = markets;
    this.#timeoutMs = timeoutMs;
  }

  /** How many records wait. */
  get waiting(): number {
    return this.#count;
  }

  /** Keeps a record until its token is found; `false` when there is no room or nobody can find it. */
  park(tokenId: string, marketId: string, record: unknown): boolean {
    if (this.#count >= WAITING) return false;
    const list = this.#parked.get(tokenId);
    const parked = { marketId, record, looks: 0 };
    if (list === undefined) this.#parked.set(tokenId, [parked]);
    else list.push(parked);
    this.#count++;
    return true;
  }

  /** Looks for the markets of all that waits. Records whose market was found are handed to `found`, those that were looked for too often to `lost`. */
  async look(
    found: (record: unknown) => void,
    lost: (record: unknown, tokenId: string) => void,
  ): Promise<void> {
    for (const [tokenId, list] of [...this.#parked]) {
      const known =
        this.#markets.tokens.get(tokenId) !== undefined || (await this.learn(tokenId, list[0]?.marketId));
      for (const parked of [...list]) {
        if (!known && ++parked.looks < LOOKS) continue;
        list.splice(list.indexOf(parked), 1);
        this.#count--;
        if (known) found(parked.record);
        else lost(parked.record, tokenId);
      }
      if (list.length === 0) this.#parked.delete(tokenId);
    }
  }

  /** Asks the CLOB for the market of a token. Whether it is known afterwards. */
  async learn(tokenId: string, marketId?: string): Promise<boolean> {
    try {
      let condition = marketId;
      if (condition === undefined || condition === "") {
        const path = `/markets-by-token/${encodeURIComponent(tokenId)}`;
        const answer = await this.#http.json(path, this.#timeoutMs, undefined, true);
        const stated = (answer as { condition_id?: unknown } | null | undefined)?.condition_id;
        if (typeof stated !== "string" || stated === "") return false;
        condition = stated;
      }
      const path = `/clob-markets/${encodeURIComponent(condition)}`;
      const answer = decodeClobMarket(await this.#http.json(path, this.#timeoutMs, undefined, true));
      if (answer.kind !== "market" || !answer.outcomes.some((each) => each.tokenId === tokenId)) return false;
      this.#markets.tokens.add(strange(answer.marketId, answer));
      return true;
    } catch {
      // Looked for again at the next sweep.
      return false;
    }
  }
}

/** Enough of a market to read trades of it; orders are made only in markets that were listed. */
function strange(
  marketId: MarketId,
  market: Pick<MarketDescription, "outcomes" | "tick" | "minSize" | "takerDelayMs" | "negRisk"> & {
    readonly fee: NonNullable<MarketDescription["fee"]>;
  },
): MarketDescription {
  const { outcomes, fee } = market;
  return {
    marketId: id<MarketId>(marketId),
    title: "",
    outcomes,
    fee,
    tick: market.tick satisfies Price,
    minSize: market.minSize satisfies Shares,
    takerDelayMs: market.takerDelayMs,
    negRisk: market.negRisk,
    mirrored: true,
    acceptingOrders: false,
    clearBookOnStart: false,
  };
}
