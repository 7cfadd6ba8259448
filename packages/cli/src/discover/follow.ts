import { pause, type Clock, type CoreEvent, type MarketDescription } from "@matchpoint/sdk";
import type { FoundWorld } from "../feeds/index.ts";
import type { Discovery } from "./discovery.ts";

/** What a run does with what is found. */
export interface FollowPorts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of markets before anything of theirs is: who signs for them, who merges them. */
  readonly admit: (market: MarketDescription) => void;
  /** Follows their books and matches. */
  readonly grow: (found: FoundWorld) => void;
  /** Told of what was found, and of what keeps it from being looked for, once each. */
  readonly say: (line: string) => void;
}

/**
 * Looks for new markets for as long as a run goes on, and lists what it finds: the events are the journal's, so that a replay finds
 * the same at the same moment. Gamma that cannot be asked is told, and asked again.
 */
export async function* followDiscovery(discovery: Discovery, ports: FollowPorts): AsyncGenerator<CoreEvent> {
  const { clock, signal } = ports;
  const told = new Set<string>();
  for (;;) {
    await pause(clock, discovery.everyMs, signal);
    if (aborted(signal)) return;
    let found: Awaited<ReturnType<Discovery["look"]>>;
    try {
      found = await discovery.look(signal);
    } catch (error) {
      if (aborted(signal)) return;
      const problem = `no new markets can be looked for: ${error instanceof Error ? error.message.split("\n")[0]! : String(error)}`;
      if (!told.has(problem)) ports.say(problem);
      told.add(problem);
      continue;
    }
    const stamp = () => ({ at: clock.monotonic(), receivedAt: clock.wall() });
    for (const match of found.matches) yield { type: "match_listed", match, ...stamp() };
    for (const { market } of found.added) {
      ports.admit(market);
      ports.say(`found: ${market.title} (${market.marketId})`);
      yield { type: "market_listed", market, ...stamp() };
    }
    if (found.added.length > 0)
      ports.grow({ markets: found.added.map(({ market }) => market), matches: found.matches });
  }
}

/** Asked anew after each wait: the compiler would hold it for settled. */
function aborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
