import { createGammaCatalog, createWsTransport } from "@matchpoint/adapters-polymarket";
import {
  id,
  type Clock,
  type MarketDescription,
  type MarketEvent,
  type MarketId,
  type MarketResolution,
} from "@matchpoint/sdk";

/** Where and how often to ask, and whom to tell of what goes wrong. */
export interface ResolutionOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly gammaUrl?: string;
  readonly pollMs?: number;
  /** Told of everything that keeps a resolution from us, once each. */
  readonly say: (problem: string) => void;
}

const POLL_MS = 30_000;
const CONDITION_ID = /^0x[0-9a-f]{64}$/i;

/** Condition ids are hexadecimal: the case of their digits means nothing, and Gamma writes them small. */
function keyOf(marketId: MarketId): MarketId {
  return id<MarketId>(marketId.toLowerCase());
}

/** The markets whose resolution can be asked for: those that are named by their condition id. */
export function resolvable(markets: readonly MarketDescription[]): readonly MarketDescription[] {
  return markets.filter(({ marketId }) => CONDITION_ID.test(marketId));
}

/**
 * What Gamma says that markets pay, as soon as it says so. Payouts are put to outcomes by token, whatever the order in which the
 * configuration and Gamma list them; a market whose tokens differ is settled by nobody.
 */
export async function* resolutions(
  markets: readonly MarketDescription[],
  options: ResolutionOptions,
): AsyncGenerator<MarketResolution> {
  const { clock, signal, gammaUrl, pollMs = POLL_MS, say } = options;
  const aborted = (): boolean => signal.aborted;
  const told = new Set<string>();
  const once = (problem: string): void => {
    if (!told.has(problem)) say(problem);
    told.add(problem);
  };
  const open = new Map(resolvable(markets).map((market) => [keyOf(market.marketId), market]));
  const theirs = new Map<MarketId, MarketDescription>();
  while (open.size > 0 && !aborted()) {
    const catalog = createGammaCatalog({
      transport: createWsTransport(),
      clock,
      query: { conditionIds: [...open.keys()] },
      refine: false,
      onRefused: ({ id, reason }) => {
        once(`Gamma on market ${id ?? "?"}: ${reason}`);
      },
      ...(gammaUrl === undefined ? {} : { gammaUrl }),
    });
    try {
      for await (const event of catalog.markets({ signal })) {
        const resolution = oriented(event, open, theirs, once);
        if (resolution === undefined) continue;
        open.delete(keyOf(resolution.marketId));
        yield resolution;
      }
    } catch (error) {
      if (aborted()) return;
      once(
        `Gamma cannot be asked for resolutions: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    await pause(clock, pollMs, signal);
  }
}

function oriented(
  event: MarketEvent,
  open: ReadonlyMap<MarketId, MarketDescription>,
  theirs: Map<MarketId, MarketDescription>,
  say: (problem: string) => void,
): MarketResolution | undefined {
  if (event.type === "market_listed") theirs.set(keyOf(event.market.marketId), event.market);
  if (event.type !== "market_resolution") return undefined;
  const key = keyOf(event.marketId);
  const [own, listed] = [open.get(key), theirs.get(key)];
  if (own === undefined || listed === undefined) return undefined;
  const { marketId } = own;
  const [a, b] = own.outcomes.map(({ tokenId }) => tokenId);
  const [c, d] = listed.outcomes.map(({ tokenId }) => tokenId);
  if (a === c && b === d) return { ...event, marketId };
  if (a === d && b === c) return { ...event, marketId, payouts: [event.payouts[1], event.payouts[0]] };
  say(`market ${marketId} is resolved, but its tokens are not those of the configuration`);
  return undefined;
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}
