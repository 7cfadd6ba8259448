import { decodeGammaMarket } from "@matchpoint/adapters-polymarket";
import type { FeeSchedule, MarketDescription } from "@matchpoint/sdk";
import type { Bench } from "../bench.ts";

/** What each side says of one of the market's terms. */
interface Said {
  readonly clob: string;
  readonly gamma: string | undefined;
  readonly configured: string;
}

/** Seconds delay and fee by the CLOB, by Gamma and by the configuration. */
export async function tryTerms(bench: Bench): Promise<void> {
  const { configured, market } = bench.options;
  const gamma = await byGamma(bench);
  const listed = typeof gamma === "string" ? undefined : gamma;
  judge(bench, "delay", "asked how long a taker's order is held back", "taker_delay_ms", {
    clob: `${market.takerDelayMs} ms`,
    gamma: listed && `${listed.takerDelayMs} ms`,
    configured: `${configured.takerDelayMs} ms`,
  });
  judge(bench, "fee", "asked for the fee of takers", "fee", {
    clob: feeText(market.fee),
    gamma: listed && feeText(listed.fee),
    configured: feeText(configured.fee),
  });
}

function judge(bench: Bench, point: string, did: string, key: string, said: Said): void {
  const { clob, gamma, configured } = said;
  const right = clob === configured;
  const agree = gamma === undefined || gamma === clob;
  const means = !right
    ? `Set ${key} of this market to what the CLOB says: the matching engine goes by it. ${agree ? "" : "Gamma lags behind."}`
    : agree
      ? "The configuration holds."
      : "Gamma says otherwise, and the CLOB counts: markets found by Gamma alone are asked for at the CLOB too.";
  bench.note({
    point,
    did: `${did}: CLOB, Gamma, configuration`,
    found: `CLOB ${clob}, Gamma ${gamma ?? "not asked"}, configuration ${configured}`,
    expected: "the same from all three",
    verdict: right && agree ? "as assumed" : "differs",
    means: means.trim(),
  });
}

/** The market as Gamma lists it; a text says why not. */
async function byGamma({ options }: Bench): Promise<MarketDescription | string> {
  const { gammaUrl, market, ports } = options;
  if (gammaUrl === undefined) return "its address is not configured";
  try {
    const { status, body } = await ports.transport.request({
      method: "GET",
      url: `${gammaUrl}/markets/keyset?condition_ids=${market.marketId}&limit=1`,
      timeoutMs: 10_000,
      signal: ports.signal,
    });
    if (status !== 200) return `status ${status}`;
    const { markets } = JSON.parse(new TextDecoder().decode(body)) as { readonly markets?: unknown };
    const found = decodeGammaMarket(Array.isArray(markets) ? (markets as unknown[])[0] : undefined);
    return found.kind === "market" ? found.description : found.reason;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function feeText(fee: FeeSchedule | undefined): string {
  if (fee === undefined) return "not stated";
  if (fee.ratePpm === 0) return "none";
  return `${fee.ratePpm / 10_000} % of p(1-p)${fee.exponent === 1 ? "" : `, to the ${fee.exponent}`}`;
}
