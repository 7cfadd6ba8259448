import {
  createDirectGateway,
  createOfficialGateway,
  createOrderSigner,
  createWalletSigner,
  createWsTransport,
  type Address,
  type ApiCredentials,
  type DirectGatewayOptions,
  type OrderSigner,
  type PolymarketGateway,
  type SigningLimits,
} from "@matchpoint/adapters-polymarket";
import {
  createVenue,
  defaultWorld,
  startVenue,
  venueAdmin,
  venueTransport,
  type PaperVenue,
  type VenueListing,
} from "@matchpoint/paper-venue";
import {
  id,
  LADDER,
  SystemClock,
  VirtualClock,
  type Clock,
  type CoreEvent,
  type Intent,
  type IntentId,
  type MarketDescription,
  type Millis,
  type Nanos,
  type Price,
  type RunId,
  type Shares,
  type StrategyId,
  type Transport,
  type Usdc,
} from "@matchpoint/sdk";
import {
  testMarket,
  type ExecutionFault,
  type ExecutionStage,
  type ExecutionSubject,
  type ShownLevel,
} from "@matchpoint/testing";
import { Wallet } from "ethers";
import { KEYS } from "./officialSupport.ts";

export const WALLET = new Wallet(KEYS[0]);
export const ADDRESS = WALLET.address as Address;

export const LIMITS: SigningLimits = {
  chainId: 137,
  parties: { signatureType: 0, wallet: ADDRESS, funder: ADDRESS },
  maxNotional: 10_000_000_000 as Usdc,
  maxShares: 100_000_000_000 as Shares,
  band: { min: 1 as Price, max: 9_999 as Price },
};

export function signerOf(now: () => Millis): OrderSigner {
  return createOrderSigner({ signer: createWalletSigner(KEYS[0]), limits: LIMITS, now, verify: false });
}

/** Gets an API key as a bot does at its first start. */
export async function apiKey(
  transport: Transport,
  url: string,
  signer: OrderSigner,
  now: Millis,
): Promise<ApiCredentials> {
  const headers = await signer.signClaim({ chainId: 137, timestamp: Math.floor(now / 1_000) });
  const answer = await transport.request({
    method: "POST",
    url: `${url}/auth/api-key`,
    headers: { ...headers },
    timeoutMs: 5_000,
  });
  const {
    apiKey: key,
    secret,
    passphrase,
  } = JSON.parse(new TextDecoder().decode(answer.body)) as Record<string, string>;
  return { key: key!, secret: secret!, passphrase: passphrase! };
}

let serial = 0;

/** A buy of 20 shares at $0.40, unless told otherwise. */
export function testIntent(
  { marketId }: Pick<MarketDescription, "marketId">,
  changes: Partial<Intent> = {},
): Intent {
  serial++;
  return {
    intentId: id<IntentId>(`s-${serial}`),
    strategyId: id<StrategyId>("s"),
    marketId,
    outcome: 0,
    side: "buy",
    orderType: "GTC",
    postOnly: false,
    limit: 4_000 as Price,
    size: 20_000_000 as Shares,
    purpose: "entry",
    reason: "test",
    ...changes,
  };
}

/** How the venue brings about what a case asks for. */
const FAULTS: Readonly<Record<ExecutionFault, readonly object[]>> = {
  lost_before: [{ kind: "hang", params: { when: "before" }, match: { method: "POST", path: "/order" } }],
  lost_after: [{ kind: "hang", params: { when: "after" }, match: { method: "POST", path: "/order" } }],
  error_after: [
    { kind: "server_error", params: { when: "after" }, match: { method: "POST", path: "/order" } },
  ],
  late_answer: [
    { kind: "delay_reply", params: { delayMs: 1_500 }, match: { method: "POST", path: "/order" } },
  ],
  page: [{ kind: "forbidden_html", match: { method: "POST", path: "/order" } }],
  refused_as_success: [{ kind: "success_with_error" }],
  restarting: [{ kind: "restart", durationMs: 8_000, params: { postOnlyMs: 20_000 } }],
  post_only: [{ kind: "post_only", durationMs: 60_000 }],
  cancel_only: [{ kind: "cancel_only", durationMs: 60_000 }],
  too_many: [{ kind: "rate_limited", match: { method: "POST", path: "/order" } }],
  channel_lost: [],
  channel_silent: [{ kind: "user_freeze", durationMs: 600_000 }],
  channel_repeats: [
    { kind: "user_duplicate", durationMs: 600_000 },
    { kind: "user_reorder", durationMs: 600_000, probability: 0.5 },
  ],
  trade_fails: [{ kind: "ghost_fill" }],
};

export interface GatewayStageOptions {
  readonly name: string;
  readonly make: (options: DirectGatewayOptions) => PolymarketGateway;
}

/** The paper venue under virtual time with a gateway on it. */
export function venueSubject({ name, make }: GatewayStageOptions): ExecutionSubject {
  const chain = "settlement is the chain adapter's";
  return {
    name,
    faults: Object.keys(FAULTS) as ExecutionFault[],
    excused: { E54: chain, E55: chain, E56: chain, E57: chain },
    patienceMs: 60_000,
    secrets: [KEYS[0].slice(2)],
    open: ({ collateral }) => openStage(make, collateral),
  };
}

/** A venue under virtual time with a gateway on it, and a look at what rests there. */
export async function openStage(
  make: GatewayStageOptions["make"],
  collateral: Usdc,
): Promise<ExecutionStage & { readonly resting: () => number }> {
  const wallStart = 1_790_000_000_000 as Millis;
  const clock = new VirtualClock({ startsAt: wallStart });
  const venue = createVenue({
    seed: 5,
    wallStart,
    liquidity: "none",
    tickChanges: false,
    markets: listings(),
    funds: { [ADDRESS]: collateral },
    settlement: { mined_ms: 500, confirmed_ms: 1_500 },
  });
  const transport = venueTransport(venue, clock, { latencyMs: 5 });
  const signer = signerOf(() => clock.wall());
  const wait = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const url = "https://clob.polymarket.com";
  const credentials = await passing(apiKey(transport, url, signer, clock.wall()), wait);
  const gateway = make({
    transport,
    clock,
    signer,
    credentials,
    parties: LIMITS.parties,
    chainId: 137,
    runId: id<RunId>("suite"),
    random: () => 0.5,
  });
  const stage = stageOf(gateway, clock, wait, venue, (command) => venueAdmin(venue, clock, command));
  return { ...stage, resting: () => venue.exchange.view(ADDRESS.toLowerCase()).openOrders().length };
}

/** The official client has no port for time or network: real sockets, real time, everything that waits shortened. */
export const officialSubject: ExecutionSubject = {
  ...venueSubject({
    name: "the official gateway on the paper venue, over real sockets",
    make: createDirectGateway,
  }),
  patienceMs: 15_000,
  open: async ({ collateral }) => {
    const clock = new SystemClock();
    const running = await startVenue({
      clock,
      seed: 5,
      liquidity: "none",
      tickChanges: false,
      markets: listings(),
      funds: { [ADDRESS]: collateral },
      settlement: { mined_ms: 50, confirmed_ms: 150 },
    });
    const transport = createWsTransport();
    const signer = signerOf(() => clock.wall());
    const gateway = await createOfficialGateway({
      transport,
      clock,
      signer,
      credentials: await apiKey(transport, running.clob, signer, clock.wall()),
      parties: LIMITS.parties,
      chainId: 137,
      runId: id<RunId>("suite"),
      url: running.clob,
      userUrl: running.wsUser,
      placeMs: 2_000,
      sweepMs: 300,
      settleMs: 300,
      idleMs: 1_000,
      hiddenMs: 300,
      holdMs: 2_000,
      silenceMs: 1_500,
      minProbeMs: 200,
      maxProbeMs: 1_000,
      postOnlyMs: 22_000,
    });
    const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 1_200)));
    const stage = stageOf(gateway, clock, wait, running.venue, (command) => running.command(command));
    return {
      ...stage,
      close: async () => {
        gateway.close();
        await running.close();
      },
    };
  },
};

function stageOf(
  gateway: PolymarketGateway,
  clock: Clock,
  wait: (ms: number) => Promise<void>,
  venue: PaperVenue,
  run: (command: object) => { readonly ok: boolean; readonly error?: unknown },
): ExecutionStage {
  const admin = (command: object): void => {
    const answer = run(command);
    if (!answer.ok) throw new TypeError(String(answer.error));
  };
  const tell = (event: Untimed): void => {
    venue.observe({ ...event, at: clock.monotonic(), receivedAt: clock.wall() });
    admin({ do: "faults" });
  };
  return {
    adapter: gateway,
    clock,
    wait,
    list: async (market) => {
      admin({
        do: "market",
        market: market.marketId,
        acceptingOrders: market.acceptingOrders,
        secondsDelay: market.takerDelayMs / 1_000,
        tick: market.tick / 10_000,
      });
      gateway.observe({ type: "market_listed", market, at: clock.monotonic(), receivedAt: clock.wall() });
    },
    show: async (marketId, bids, asks) => {
      const flat = (ladder: number, side: readonly ShownLevel[]): number[] =>
        side.flatMap(({ price, size }) => [ladder, price, size]);
      const levels = [...flat(LADDER.BID_0, bids), ...flat(LADDER.ASK_0, asks)];
      tell({ type: "book_snapshot", marketId, outcome: 0, levels, synthetic: false });
    },
    take: async (marketId, side, price, size) => {
      tell({ type: "market_trade", marketId, outcome: 0, side, price, size });
    },
    resolve: async (market, payouts) => {
      admin({ do: "resolve", market, outcome: payouts[0] === payouts[1] ? "50-50" : payouts[0] > 0 ? 0 : 1 });
    },
    arm: async (fault) => {
      if (fault === "channel_lost") admin({ do: "disconnect", channel: "user" });
      for (const each of FAULTS[fault]) admin({ do: "fault", ...each });
    },
    close: async () => {
      gateway.close();
    },
  };
}

/** The suite's two markets. */
function listings(): readonly VenueListing[] {
  const [pattern] = defaultWorld({ seed: 1, wallStart: 1_790_000_000_000 });
  return [
    [0x5f6501, 1001],
    [0x5f6502, 1003],
  ].map(([market, token]) => {
    const description: MarketDescription = testMarket(
      {
        marketId: id(`0x${market!.toString(16)}`),
        outcomes: [
          { tokenId: id(String(token)), name: "Yes" },
          { tokenId: id(String(token! + 1)), name: "No" },
        ],
        takerDelayMs: 0,
      },
      false,
    );
    return { ...pattern!, description };
  });
}

async function passing<T>(answer: Promise<T>, wait: (ms: number) => Promise<void>): Promise<T> {
  let done = false;
  const end = (): void => {
    done = true;
  };
  void answer.then(end, end);
  for (let ms = 0; ms < 10_000 && !isDone(); ms += 10) await wait(10);
  return answer;
  function isDone(): boolean {
    return done;
  }
}

/** A gateway of our own transport. */
export const directSubject: ExecutionSubject = venueSubject({
  name: "the direct gateway on the paper venue",
  make: createDirectGateway,
});

type Stamps = { readonly at: Nanos; readonly receivedAt: Millis };
type Untimed = CoreEvent extends infer Event
  ? Event extends CoreEvent
    ? Omit<Event, keyof Stamps>
    : never
  : never;
