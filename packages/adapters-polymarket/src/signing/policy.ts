import { PRICE_ONE, type Millis, type Price, type Shares, type Usdc } from "@matchpoint/sdk";
import { isBytes32, isUint256, ZERO_BYTES32, type OrderParties, type VenueOrder } from "../order/order.ts";
import { EXCHANGE_NAME, EXCHANGES, type Exchange } from "../venue/exchanges.ts";
import type { Address, ChainId, Hex } from "../venue/contracts.ts";

/** The limits that every order must be within to be signed, whoever asks. */
export interface SigningLimits {
  readonly chainId: ChainId;
  /** Whose orders, and how they are signed. */
  readonly parties: OrderParties;
  /** Exchange contracts that may be signed for. Default: the venue's on that chain. */
  readonly contracts?: readonly Address[];
  /** Dollars that one order may give or ask for. */
  readonly maxNotional: Usdc;
  /** Shares that one order may buy or sell: what caps a sell at a low price. */
  readonly maxShares: Shares;
  /**
   * The prices that may be signed, for all tokens or by token; a token without a band is not signed for. An implied price may be
   * past the band by less than $0.0001, which the rounding of FAK amounts can come to.
   */
  readonly band: PriceBand | ((tokenId: string) => PriceBand | undefined);
  /** Builder codes that may be on an order. Default: none, since a builder may take a fee. */
  readonly builders?: readonly Hex[];
  /** How far an order's own time may be from `now`, in ms. Default 60,000. */
  readonly maxAgeMs?: number;
}

/** Prices that may be signed, both included. */
export interface PriceBand {
  readonly min: Price;
  readonly max: Price;
}

/** Why something is not signed. */
export interface SigningRefusal {
  readonly rule:
    | "form"
    | "domain"
    | "chain"
    | "contract"
    | "parties"
    | "builder"
    | "time"
    | "notional"
    | "shares"
    | "price"
    | "epoch";
  readonly detail: string;
}

const KEYS: ReadonlySet<string | symbol> = new Set([
  "builder",
  "expiration",
  "maker",
  "makerAmount",
  "metadata",
  "salt",
  "side",
  "signatureType",
  "signer",
  "takerAmount",
  "timestamp",
  "tokenId",
]);
const EXCHANGE_KEYS: ReadonlySet<string | symbol> = new Set([
  "chainId",
  "name",
  "verifyingContract",
  "version",
]);

/**
 * Judges an order as it would be signed, trusting nothing about how it was made: its form, the exchange's whole domain, whose it is, its
 * size and its price. `undefined` is yes. Pure; `now` is Unix milliseconds.
 */
export function judgeOrder(
  order: VenueOrder,
  exchange: Exchange,
  limits: SigningLimits,
  now: Millis,
): SigningRefusal | undefined {
  return (
    form(order) ??
    domain(exchange, limits) ??
    party(order, limits) ??
    builder(order, limits) ??
    time(order, now, limits.maxAgeMs ?? 60_000) ??
    amounts(order, limits)
  );
}

/** Judges a claim that we have an address's key: for our own wallet, on our chain. */
export function judgeClaim(
  claim: { readonly chainId: number; readonly address: string },
  limits: SigningLimits,
): SigningRefusal | undefined {
  if (claim.chainId !== limits.chainId) return no("chain", `chain ${claim.chainId}`);
  return claim.address === limits.parties.wallet ? undefined : no("parties", "the claim is not the wallet's");
}

function no(rule: SigningRefusal["rule"], detail: string): SigningRefusal {
  return { rule, detail };
}

/** Whether a value has these fields and no others, hidden ones included. */
function hasExactly(value: object, keys: ReadonlySet<string | symbol>): boolean {
  const own = Reflect.ownKeys(value);
  if (own.length !== keys.size) return false;
  for (const key of own) if (!keys.has(key)) return false;
  return true;
}

function form(order: VenueOrder): SigningRefusal | undefined {
  if (!hasExactly(order, KEYS)) return no("form", "the order has not exactly the fields of an order");
  if (!Number.isSafeInteger(order.salt) || order.salt <= 0) return no("form", "the salt");
  for (const field of ["tokenId", "makerAmount", "takerAmount", "timestamp"] as const)
    if (!isUint256(order[field])) return no("form", `${field} is not a decimal number`);
  // As unknown: the type says what it should be, not what it is.
  const side: unknown = order.side;
  if (side !== "BUY" && side !== "SELL") return no("form", "the side");
  if (order.expiration !== "0" && !/^[1-9]\d{9,10}$/.test(order.expiration))
    return no("form", "the expiration");
  return isBytes32(order.builder) && order.metadata === ZERO_BYTES32
    ? undefined
    : no("form", "metadata or builder");
}

function domain(exchange: Exchange, limits: SigningLimits): SigningRefusal | undefined {
  const { chainId, name, version, verifyingContract } = exchange;
  if (!hasExactly(exchange, EXCHANGE_KEYS) || name !== EXCHANGE_NAME)
    return no("domain", "it is no exchange of the venue");
  if (chainId !== limits.chainId) return no("chain", `chain ${String(chainId)}, not ${limits.chainId}`);
  const { v1, v2 } = EXCHANGES[limits.chainId];
  const known = [v1.standard, v1.negRisk, v2.standard].find(
    (each) => each.verifyingContract === verifyingContract,
  );
  const allowed = limits.contracts?.includes(verifyingContract) ?? known !== undefined;
  if (!allowed) return no("contract", "the contract is not on the list");
  if (known === undefined ? !["2", "3"].includes(version) : known.version !== version)
    return no("domain", `version ${JSON.stringify(version)} is not the contract's`);
  return undefined;
}

function party(order: VenueOrder, { parties }: SigningLimits): SigningRefusal | undefined {
  const { signatureType, wallet, funder } = parties;
  const signer = signatureType === 3 ? funder : wallet;
  if (order.signatureType !== signatureType || order.maker !== funder || order.signer !== signer)
    return no("parties", "maker, signer or signature type are not the account's");
  return undefined;
}

function builder(order: VenueOrder, { builders = [] }: SigningLimits): SigningRefusal | undefined {
  if (order.builder === ZERO_BYTES32 || builders.includes(order.builder)) return undefined;
  return no("builder", "the builder is not on the list");
}

function time(order: VenueOrder, now: Millis, maxAgeMs: number): SigningRefusal | undefined {
  const off = Math.abs(Number(order.timestamp) - now);
  return off <= maxAgeMs ? undefined : no("time", `its time is ${off} ms from now`);
}

function amounts(order: VenueOrder, limits: SigningLimits): SigningRefusal | undefined {
  const { maxNotional, maxShares, band } = limits;
  const buys = order.side === "BUY";
  const paid = BigInt(buys ? order.makerAmount : order.takerAmount);
  const traded = BigInt(buys ? order.takerAmount : order.makerAmount);
  // Written so that a limit that is no number allows nothing.
  if (!(paid <= maxNotional)) return no("notional", `${paid} micro-dollars, at most ${maxNotional}`);
  if (!(traded <= maxShares)) return no("shares", `${traded} millionths of a share, at most ${maxShares}`);
  const prices = typeof band === "function" ? band(order.tokenId) : band;
  if (prices === undefined) return no("price", "there is no band of prices for this token");
  // Compared as products: a price of nothing is none.
  const scaled = paid * BigInt(PRICE_ONE);
  if (!Number.isInteger(prices.min) || !Number.isInteger(prices.max))
    return no("price", "the band is no band");
  const low = traded * BigInt(prices.min - 1);
  const high = traded * BigInt(prices.max + 1);
  return scaled > low && scaled < high ? undefined : no("price", `outside ${prices.min} to ${prices.max}`);
}
