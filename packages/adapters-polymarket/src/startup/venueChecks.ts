import {
  formatPrice,
  formatUsdc,
  judgeSkew,
  type Clock,
  type FeeSchedule,
  type MarketDescription,
  type Transport,
} from "@matchpoint/sdk";
import type { ApiCredentials } from "../auth/l2.ts";
import { fetchClobMarket } from "../gamma/catalog.ts";
import { withClobMarket, type ClobMarket } from "../gamma/clobMarket.ts";
import type { OrderParties } from "../order/order.ts";
import { measureVenueOffset } from "../time/venueTime.ts";
import { CLOB_VERSION } from "../venue/exchanges.ts";
import { ask, CLOB_URL, isAnswered, lineOf, reach } from "./ask.ts";
import type { LiveCheck } from "./check.ts";
import { judgeFunder } from "./funderCheck.ts";
import { askGeoblock, judgeGeoblock } from "./geoblock.ts";

/** What is looked at before live orders are sent. */
export interface VenueCheckOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Absent: nothing is asked about the account. */
  readonly credentials?: ApiCredentials;
  readonly parties: OrderParties;
  /** Markets that will be traded; what they were configured with is held against what the venue says now. */
  readonly markets: readonly MarketDescription[];
  /** The CLOB's address. Default `https://clob.polymarket.com`. */
  readonly clobUrl?: string;
  readonly geoblockUrl?: string;
  /** How far the clock may be off the venue's, in ms. Default 1,000. */
  readonly maxSkewMs?: number;
  /** Default 5,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks at everything that the venue can say before the first live order: whether it may be traded on from here, which orders it
 * takes, its clock, whether it knows our key, whether the account is funded and may open positions, and whether the markets'
 * terms are those that they were configured with. Every question is asked, whatever the others find; never throws.
 *
 * @example
 * ```ts
 * import { createWsTransport, venueChecks, type ApiCredentials, type OrderParties } from "@matchpoint/adapters-polymarket";
 * import { SystemClock } from "@matchpoint/sdk";
 * const mayStart = async (credentials: ApiCredentials, parties: OrderParties) => {
 *   const ports = { transport: createWsTransport(), clock: new SystemClock() };
 *   const checks = await venueChecks({ ...ports, credentials, parties, markets: [] });
 *   return checks.every(({ status }) => status !== "fail");
 * };
 * ```
 */
export async function venueChecks(options: VenueCheckOptions): Promise<readonly LiveCheck[]> {
  const { transport, geoblockUrl, timeoutMs = 5_000, signal } = options;
  const geoblock = askGeoblock({
    transport,
    timeoutMs,
    ...(geoblockUrl === undefined ? {} : { url: geoblockUrl }),
    ...(signal === undefined ? {} : { signal }),
  }).then((answer) => judgeGeoblock(answer, geoblockUrl));
  const found = await Promise.all([
    geoblock,
    versionCheck(options).then(lineOnly),
    clockCheck(options),
    accountChecks(options),
    ...options.markets.map((market) => termsCheck(market, options).then(lineOnly)),
  ]);
  return found.flat();
}

/** A check as a line, without what else was found out. */
function lineOnly({ id, status, found, fix }: LiveCheck): LiveCheck {
  return { id, status, found, fix };
}

/** Which orders the venue takes; `reached` says whether it answered at all. Never throws. */
export async function versionCheck(
  options: Omit<VenueCheckOptions, "markets">,
): Promise<LiveCheck & { readonly reached: boolean }> {
  const fix =
    "Update Matchpoint: orders of another version are refused. Nothing is sent until it knows the venue's.";
  const answer = await ask(options, "/version");
  if ("problem" in answer)
    return {
      id: "version",
      status: "fail",
      found: `the venue does not say which orders it takes: ${answer.problem}`,
      fix: reach(options),
      reached: answer.reached,
    };
  const { version: stated } = answer.value as { readonly version?: unknown };
  if (stated === CLOB_VERSION)
    return {
      id: "version",
      status: "ok",
      found: `the venue takes orders of version ${CLOB_VERSION}`,
      fix: "",
      reached: true,
    };
  return {
    id: "version",
    status: "fail",
    found: `the venue takes orders of version ${stated === undefined ? "unknown" : JSON.stringify(stated)}, this adapter makes version ${CLOB_VERSION}`,
    fix,
    reached: true,
  };
}

async function clockCheck(options: VenueCheckOptions): Promise<LiveCheck> {
  const { transport, clock, clobUrl = CLOB_URL, maxSkewMs = 1_000, timeoutMs = 5_000, signal } = options;
  try {
    const measured = await measureVenueOffset({
      transport,
      clock,
      url: clobUrl,
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    const { status, found, fix } = judgeSkew("clock-venue", { name: "the venue", measured }, maxSkewMs);
    return { id: "clock", status, found, fix };
  } catch (error) {
    return {
      id: "clock",
      status: "fail",
      found: lineOf(error),
      fix: `${reach(options)} Its time is needed to sign requests.`,
    };
  }
}

/** Whether the venue knows the key, and what it lets the account do. Never throws. */
export async function accountChecks(
  options: Omit<VenueCheckOptions, "markets">,
): Promise<readonly LiveCheck[]> {
  if (options.credentials === undefined) return [];
  const closed = await ask(options, "/auth/ban-status/closed-only", {}, true);
  if ("problem" in closed) {
    return [
      {
        id: "api-key",
        status: "fail",
        found: closed.reached
          ? `the venue does not accept the API key: ${closed.problem}`
          : `the venue does not say whether it accepts the API key: ${closed.problem}`,
        fix: !closed.reached
          ? reach(options)
          : "Derive the key anew with the wallet that the account belongs to, and check the clock; without MATCHPOINT_API_KEY the bot derives it by itself.",
      },
    ];
  }
  const key: LiveCheck = { id: "api-key", status: "ok", found: "the venue accepts the API key", fix: "" };
  const closedOnly = (closed.value as { readonly closed_only?: unknown }).closed_only;
  if (closedOnly !== false)
    return [
      key,
      {
        id: "account",
        status: "fail",
        found:
          closedOnly === true
            ? "the venue lets this account close positions only"
            : "the venue does not say whether this account may open positions",
        fix: "Ask Polymarket's support why; orders that open something are refused.",
      },
    ];
  const { signatureType } = options.parties;
  const query = { asset_type: "COLLATERAL", signature_type: String(signatureType) };
  const balance = await ask(options, "/balance-allowance", query, true);
  if ("problem" in balance)
    return [
      key,
      {
        id: "account",
        status: "fail",
        found: `the venue does not say what the account holds: ${balance.problem}`,
        fix: balance.reached ? "Try again; orders are refused without a known balance." : reach(options),
      },
    ];
  return [key, ...(await funder(options, options.credentials)), funds(balance.value, signatureType)];
}

/** Where the venue itself knows the account's money to be; asked only where another address than the key's holds it. */
async function funder(
  options: Omit<VenueCheckOptions, "markets">,
  { key }: ApiCredentials,
): Promise<readonly LiveCheck[]> {
  const { parties, clobUrl } = options;
  if (parties.signatureType === 0) return [];
  const answers = await Promise.all(
    ["/data/orders", "/data/trades"].map((path) => ask(options, path, {}, true)),
  );
  const read = answers.map((answer) => ("problem" in answer ? undefined : answer.value));
  return judgeFunder(read, key, parties, clobUrl === undefined);
}

function funds(answer: unknown, signatureType: number): LiveCheck {
  const { balance } = answer as { readonly balance?: unknown };
  const micros = typeof balance === "string" && /^\d{1,16}$/.test(balance) ? Number(balance) : undefined;
  if (micros === undefined)
    return {
      id: "account",
      status: "fail",
      found: "the venue's answer about the balance cannot be read",
      fix: "Try again; if it stays, update Matchpoint.",
    };
  if (micros > 0)
    return {
      id: "account",
      status: "ok",
      found: `the account has $${formatUsdc(micros as never)} at the venue`,
      fix: "",
    };
  return {
    id: "account",
    status: "fail",
    found: `the venue sees no collateral for this account with signature type ${signatureType}`,
    fix: "Fund it with pUSD (`matchpoint wallet wrap`), or correct the signature type: the venue derives the wallet from it, and a wrong one shows nothing.",
  };
}

/** Whether a market's terms are what they were configured with; `drift`: they are not. Never throws. */
export async function termsCheck(
  market: MarketDescription,
  options: Pick<VenueCheckOptions, "transport" | "clock" | "clobUrl" | "timeoutMs" | "signal">,
): Promise<LiveCheck & { readonly drift: boolean }> {
  const id = `market:${market.marketId}` as const;
  const { transport, clock, clobUrl = CLOB_URL, timeoutMs = 5_000, signal } = options;
  let actual: ClobMarket;
  try {
    actual = await fetchClobMarket(
      { transport, clock, restUrl: clobUrl, timeoutMs },
      market.marketId,
      signal ?? new AbortController().signal,
    );
  } catch (error) {
    return {
      id,
      status: "fail",
      found: `${market.title}: ${lineOf(error)}`,
      fix: isAnswered(error)
        ? "Check the market's id; markets that have ended leave the CLOB."
        : reach(options),
      drift: false,
    };
  }
  const merged = withClobMarket(market, actual);
  if ("kind" in merged)
    return {
      id,
      status: "fail",
      found: `${market.title}: ${merged.reason}`,
      fix: "Copy the market's tokens from its listing.",
      drift: false,
    };
  const changes = differences(market, actual);
  if (!actual.acceptingOrders)
    return { id, status: "warn", found: `${market.title} takes no orders now`, fix: "", drift: false };
  if (changes.length === 0)
    return {
      id,
      status: "ok",
      found: `${market.title} has the terms that it was configured with`,
      fix: "",
      drift: false,
    };
  return {
    id,
    status: "warn",
    found: `${market.title}: ${changes.join("; ")}`,
    fix: "The venue's terms are used. Correct the configuration, and think whether the strategy still pays.",
    drift: true,
  };
}

function differences(market: MarketDescription, actual: ClobMarket): string[] {
  const found: string[] = [];
  const note = (what: string, configured: string, now: string): void => {
    if (configured !== now) found.push(`${what} is ${now}, not ${configured}`);
  };
  note("the tick", formatPrice(market.tick), formatPrice(actual.tick));
  note("the smallest order", `${market.minSize / 1e6} shares`, `${actual.minSize / 1e6} shares`);
  note("the fee", feeText(market.fee), feeText(actual.fee));
  note("the taker delay", `${market.takerDelayMs} ms`, `${actual.takerDelayMs} ms`);
  note("neg-risk", String(market.negRisk), String(actual.negRisk));
  return found;
}

function feeText(fee: FeeSchedule | undefined): string {
  if (fee === undefined) return "not stated";
  return fee.ratePpm === 0 ? "none" : `${fee.ratePpm / 10_000} %${fee.takerOnly ? " of takers" : ""}`;
}
