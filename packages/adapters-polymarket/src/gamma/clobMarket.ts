import {
  id,
  NO_FEE,
  type FeeSchedule,
  type MarketDescription,
  type MarketId,
  type Millis,
  type Price,
  type Shares,
  type TokenId,
} from "@matchpoint/sdk";
import { issue } from "./market.ts";
import { CLOB_MARKET } from "./schemas.ts";
import { readFee, readSeconds, readShares, readTick, readTime, refusal, type Refused } from "./values.ts";

/** `itode`: how long crypto and finance markets hold a taker's order, since 2026-08-17. */
const ITODE_MS = 50;

/** What the CLOB itself says of a market: the truth that its matching engine goes by. */
export interface ClobMarket {
  readonly kind: "market";
  readonly marketId: MarketId;
  readonly outcomes: readonly [
    { readonly tokenId: TokenId; readonly name: string },
    { readonly tokenId: TokenId; readonly name: string },
  ];
  readonly tick: Price;
  readonly minSize: Shares;
  readonly fee: FeeSchedule;
  readonly takerDelayMs: number;
  readonly negRisk: boolean;
  readonly acceptingOrders: boolean;
  readonly startsAt: Millis | undefined;
  readonly clearBookOnStart: boolean;
}

/** Reads an answer of `/clob-markets/{condition id}`. Keys that it leaves out are false, zero or free. */
export function decodeClobMarket(value: unknown): ClobMarket | Refused {
  const parsed = CLOB_MARKET.safeParse(value);
  if (!parsed.success) return { kind: "refused", id: undefined, reason: issue(parsed.error) };
  const wire = parsed.data;
  try {
    const [first, second] = wire.t;
    const seconds = readSeconds(wire.sd, "sd");
    return {
      kind: "market",
      marketId: id(wire.c),
      outcomes: [
        { tokenId: id(first!.t), name: first!.o },
        { tokenId: id(second!.t), name: second!.o },
      ],
      tick: readTick(wire.mts, "mts"),
      minSize: readShares(wire.mos, "mos"),
      fee: wire.fd === undefined ? NO_FEE : readFee(wire.fd.r, wire.fd.e, wire.fd.to, "fd"),
      takerDelayMs: seconds === 0 && wire.itode === true ? ITODE_MS : seconds,
      negRisk: wire.nr === true,
      acceptingOrders: wire.ao === true,
      startsAt: wire.gst !== undefined && wire.gst !== "" ? readTime(wire.gst, "gst") : undefined,
      clearBookOnStart: wire.cbos === true,
    };
  } catch (error) {
    return refusal(wire.c, error);
  }
}

/**
 * A description with the CLOB's word in place of Gamma's, which lags; refused when the two speak of different markets or tokens.
 * Gamma's order of the outcomes stays.
 */
export function withClobMarket(
  description: MarketDescription,
  clob: ClobMarket,
): MarketDescription | Refused {
  const known = new Set(description.outcomes.map((outcome) => outcome.tokenId));
  if (
    clob.marketId !== description.marketId ||
    !clob.outcomes.every((outcome) => known.has(outcome.tokenId))
  ) {
    return {
      kind: "refused",
      id: description.marketId,
      reason: "Gamma and the CLOB do not name the same market and tokens",
    };
  }
  const { tick, minSize, fee, takerDelayMs, negRisk, acceptingOrders, clearBookOnStart } = clob;
  return {
    ...description,
    tick,
    minSize,
    fee,
    takerDelayMs,
    negRisk,
    acceptingOrders,
    clearBookOnStart,
    ...(clob.startsAt === undefined ? {} : { startsAt: clob.startsAt }),
  };
}
