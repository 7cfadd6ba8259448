import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { MatchpointError } from "@matchpoint/sdk";
import { tally, type Capture, type CaptureCounts, type CapturedFrame } from "./capture.ts";
import { captureFile, LineFile } from "./lines.ts";
import type { Mapping } from "./mapping.ts";
import { scoreboardClaims, type TimedClaim } from "./scoreboardCsv.ts";

const HEADER = "ts_ms,ev,tok,side,price,size,best_bid,best_ask";

interface Tick {
  readonly t: number;
  readonly ev: string;
  readonly token: number;
  readonly side: string;
  readonly price: string;
  readonly size: string;
  readonly bid: string;
  readonly ask: string;
}

/**
 * `polymarket-ticks-csv`: the market channel flattened to rows, one level update (P) or trade (T) each, with a list of token
 * ids beside it. Rows become market-channel frames again: two rows in a row that state the same change on both tokens of a
 * market are one frame, as the venue sends it. A scoreboard on the same clock is merged in by time.
 */
export async function openTicksCsv(path: string, mapping: Mapping): Promise<Capture> {
  const ticksPath = captureFile(path, mapping.files.ticks, "ticks");
  const folder = dirname(ticksPath);
  const tokens = readTokens(captureFile(folder, mapping.files.tokens, "tokens"));
  const ticks = new LineFile(ticksPath);
  const scores =
    mapping.scoreboard === undefined
      ? []
      : await scoreboardClaims(
          captureFile(folder, mapping.files.scoreboard, "scoreboard"),
          mapping.scoreboard,
          mapping,
        );
  const counts: CaptureCounts = {
    read: 0,
    left: {},
    more: { levelUpdates: 0, trades: 0, claims: scores.length },
  };
  return {
    channels: { market: { decoder: "polymarket-market" }, score: { decoder: "claims" } },
    tokens,
    counts,
    progress: () => ticks,
    frames: () => merge(tickFrames(ticks, tokens, marketOf(mapping, tokens), counts), scores),
  };
}

/** The market of each token position; tokens of no mapped market are left out. */
function marketOf(
  mapping: Mapping,
  tokens: readonly string[],
): ReadonlyMap<number, { readonly market: string; readonly other: number }> {
  const found = new Map<number, { market: string; other: number }>();
  for (const market of mapping.markets) {
    const [first, second] = market.tokens.map((token) =>
      typeof token === "number" ? token : tokens.indexOf(token),
    );
    found.set(first!, { market: market.id, other: second! });
    found.set(second!, { market: market.id, other: first! });
  }
  return found;
}

async function* tickFrames(
  file: LineFile,
  tokens: readonly string[],
  markets: ReadonlyMap<number, { readonly market: string; readonly other: number }>,
  counts: CaptureCounts,
): AsyncGenerator<CapturedFrame> {
  let held: Tick | undefined;
  let line = 0;
  for await (const text of file.lines()) {
    line += 1;
    if (line === 1) {
      if (text !== HEADER)
        throw new MatchpointError("RECORDING_INVALID", `the header is not ${HEADER}`, {
          where: `${file.path}:1`,
        });
      continue;
    }
    if (text === "") continue;
    const tick = parseTick(text, line, file.path);
    counts.read += 1;
    const place = markets.get(tick.token);
    if (place === undefined) {
      tally(counts.left, "token of no mapped market");
      continue;
    }
    counts.more[tick.ev === "T" ? "trades" : "levelUpdates"]! += 1;
    if (held !== undefined) {
      const twin = tick.ev === "P" && markets.get(held.token)!.other === tick.token && mirrors(held, tick);
      yield priceChange(twin ? [held, tick] : [held], tokens, markets.get(held.token)!.market);
      held = undefined;
      if (twin) continue;
    }
    if (tick.ev === "T") yield trade(tick, tokens, place.market);
    else held = tick;
  }
  if (held !== undefined) yield priceChange([held], tokens, markets.get(held.token)!.market);
}

function parseTick(text: string, line: number, path: string): Tick {
  const cells = text.split(",");
  const [t, ev, token, side, price, size, bid, ask] = cells;
  const known = (ev === "P" || ev === "T") && (side === "B" || side === "S");
  if (cells.length !== 8 || !known || !/^\d{13}$/.test(t!) || !/^\d+$/.test(token!)) {
    throw new MatchpointError("RECORDING_INVALID", `not a tick: ${text.slice(0, 80)}`, {
      where: `${path}:${line}`,
    });
  }
  return { t: Number(t), ev, token: Number(token), side, price: price!, size: size!, bid: bid!, ask: ask! };
}

/** The same change seen from the other token: price at its complement, other side, same size, same moment. */
function mirrors(a: Tick, b: Tick): boolean {
  return (
    a.t === b.t &&
    a.side !== b.side &&
    a.size === b.size &&
    Math.abs(Number(a.price) + Number(b.price) - 1) < 1e-9
  );
}

function priceChange(ticks: readonly Tick[], tokens: readonly string[], market: string): CapturedFrame {
  const { t } = ticks[0]!;
  const changes = ticks.map((tick) => ({
    asset_id: tokens[tick.token],
    price: tick.price,
    size: tick.size,
    side: tick.side === "B" ? "BUY" : "SELL",
    hash: "",
    best_bid: tick.bid,
    best_ask: tick.ask,
  }));
  return frame(t, { event_type: "price_change", market, timestamp: String(t), price_changes: changes });
}

function trade(tick: Tick, tokens: readonly string[], market: string): CapturedFrame {
  return frame(tick.t, {
    event_type: "last_trade_price",
    market,
    asset_id: tokens[tick.token],
    price: tick.price,
    size: tick.size,
    side: tick.side === "B" ? "BUY" : "SELL",
    fee_rate_bps: "0",
    timestamp: String(tick.t),
  });
}

function frame(t: number, body: object): CapturedFrame {
  return { t, channel: "market", text: JSON.stringify(body) };
}

/** Puts claims where they belong in time; ticks keep their own order. */
async function* merge(
  ticks: AsyncIterable<CapturedFrame>,
  claims: readonly TimedClaim[],
): AsyncGenerator<CapturedFrame> {
  let next = 0;
  for await (const tick of ticks) {
    while (next < claims.length && claims[next]!.t <= tick.t) yield claimFrame(claims[next++]!);
    yield tick;
  }
  while (next < claims.length) yield claimFrame(claims[next++]!);
}

function claimFrame({ t, claim }: TimedClaim): CapturedFrame {
  return { t, channel: "score", text: JSON.stringify(claim) };
}

function readTokens(path: string): readonly string[] {
  try {
    const { tokens } = JSON.parse(readFileSync(path, "utf8")) as { tokens?: unknown };
    if (Array.isArray(tokens) && tokens.every((token) => typeof token === "string")) return tokens;
  } catch (cause) {
    throw new MatchpointError("RECORDING_INVALID", "is not JSON", { where: path, cause });
  }
  throw new MatchpointError("RECORDING_INVALID", "has no list of token ids under `tokens`", { where: path });
}
