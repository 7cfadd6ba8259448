import {
  createWsTransport,
  overtaken,
  watchGeoblock,
  type ApiCredentials,
  type PolymarketGateway,
} from "@matchpoint/adapters-polymarket";
import {
  createVenueLink,
  MatchpointError,
  reconciliations,
  type BotConfig,
  type ChainBooks,
  type CoreEvent,
  type Logger,
  type MarketDescription,
  type OperatorCommand,
  type PreparedOrder,
  type RebuiltAccount,
  type Runtime,
  type SystemClock,
  type Usdc,
  type VenueLink,
} from "@matchpoint/sdk";
import { checkClock, clockForLive, demandClock, type ClockCheck } from "../clockCheck.ts";
import {
  Bench,
  CHECKS,
  demandChecklist,
  printChecklist,
  runChecks,
  type ChecklistLine,
} from "../doctor/index.ts";
import type { Io } from "../io.ts";
import type { Secrets } from "../secrets/index.ts";
import { adoption } from "./adopt.ts";
import { openAccount, type LiveAccount } from "./account.ts";
import { goesOn, startsFlat } from "./beginning.ts";
import { chainBooks } from "./chainBooks.ts";
import { openAccountLog, rebuiltAccount, withHeld, type AccountLog } from "./lastRun.ts";
import { gatewayOf } from "./liveGateway.ts";
import { liveSecrets, type LiveSecrets } from "./secrets.ts";
import { watchTurn } from "./turn.ts";
import { isLocal, settlementOf, type LiveWallet } from "./wallet.ts";

/** Polymarket, open for a live run: everything that was checked stands. */
export interface LiveSession {
  readonly link: VenueLink;
  readonly gateway: PolymarketGateway;
  /** The markets, on the venue's terms. */
  readonly markets: readonly MarketDescription[];
  /** Dollars on the account. */
  readonly collateral: Usdc;
  /** Where the venue's trades of this run begin. */
  readonly since: string;
  /** What an earlier run of the account left; absent: there was none. */
  readonly carried: RebuiltAccount | undefined;
  /** The chain's own balances; absent where no node of it is named. */
  readonly chain: ChainBooks | undefined;
  /** From one look of a recovery to the next, in ms; absent: the SDK's. */
  readonly recoverEveryMs?: number;
  /** Whose money it is and where, as text. */
  readonly account: string;
  /** What a program that shares nothing with the run cancels with. Secret. */
  readonly canceller: {
    readonly address: string;
    readonly apiKey: string;
    readonly secret: string;
    readonly passphrase: string;
  };
  /** The run's journal is on the disk: the account goes on from it. */
  begun(journalPath: string): void;
  /** Whether its venue is on this machine: no money of anybody's. */
  readonly rehearsal: boolean;
  /** Why no order is signed here any more: another process has taken the account over. */
  leaseTrouble(): string | undefined;
  /** What keeps watch while the run trades: comparisons with the venue, and where it may be traded from. */
  watches(runtime: Runtime, signal: AbortSignal): readonly AsyncIterable<CoreEvent>[];
  /** What the operator's word `adopt` books. @throws MatchpointError */
  adopt(line: string, runtime: Runtime): Promise<OperatorCommand>;
  /** Lets one more market be traded, which was found while the run goes on. */
  admit(market: MarketDescription): void;
  /** Tells where the run's journal is made durable, and where its books are. Before the first order. */
  attach(run: { readonly runtime: Runtime; sync(): Promise<void> }): void;
  close(): void;
}

/** What a live run is opened with. */
export interface OpenLiveOptions {
  readonly config: BotConfig;
  readonly secrets: Secrets;
  readonly markets: readonly MarketDescription[];
  readonly runId: string;
  /** Where the run's journal goes. */
  readonly journalPath?: string;
  readonly clock: SystemClock;
  readonly signal: AbortSignal;
  readonly io: Io;
  /** Told what the gateway notes. */
  readonly logger?: Logger;
  /** Whether the checklist is printed; what fails is told by the error all the same. */
  readonly quiet: boolean;
}

/**
 * Goes through the start-up checklist and opens the venue.
 * @throws MatchpointError `CONFIG_LIVE_REFUSED` when a check fails, `CREDENTIALS_INVALID`, `CONFIG_INVALID`
 */
export async function openLive(options: OpenLiveOptions): Promise<LiveSession> {
  const { config, markets, clock } = options;
  const clocks = await demandRightClock(options);
  const secrets = await liveSecrets(config, options.secrets);
  const opened = await openAccount(config, secrets.privateKey, markets, clock);
  const log = openAccountLog(config, opened.parties);
  try {
    const account = log.fence === undefined ? opened : opened.fenced(log.fence);
    return await openWith(options, { secrets, account, clocks }, log);
  } catch (error) {
    log.close();
    throw error;
  }
}

async function openWith(
  asked: OpenLiveOptions,
  opened: { readonly secrets: LiveSecrets; readonly account: LiveAccount; readonly clocks: ClockCheck },
  log: AccountLog,
): Promise<LiveSession> {
  const { account } = opened;
  const { config, clock, io, quiet } = asked;
  const carried = rebuiltAccount(log, clock.wall(), (problem) => {
    io.err(`warning: ${problem}`);
  });
  // A market that was found by itself stays until nothing is left in it, found again or not.
  const markets = config.discover === undefined ? asked.markets : withHeld(asked.markets, carried);
  for (const market of markets) account.admit(market);
  const bench = new Bench({ ...asked, mode: "live", markets, opened });
  let gateway: PolymarketGateway | undefined;
  try {
    const made = await runChecks(bench, { table: CHECKS });
    const lines: readonly ChecklistLine[] = made.filter(({ idle }) => !idle);
    let traded: OpenLiveOptions = { ...asked, markets };
    let credentials: ApiCredentials | undefined;
    let flat: readonly ChecklistLine[] = [];
    let runtime: Runtime | undefined;
    if (lines.every(({ status }) => status !== "fail")) {
      traded = { ...traded, markets: (await bench.terms()).markets };
      credentials = await bench.credentials();
      gateway = await gatewayOf(
        traded,
        account,
        credentials,
        (marketId) => runtime?.core.market(marketId)?.book,
      );
      flat =
        carried === undefined
          ? await startsFlat(gateway, asked.signal)
          : await goesOn(gateway, carried, traded.markets, asked.signal);
    }
    if (!quiet) printChecklist([...lines, ...flat], io);
    demandChecklist([...lines, ...flat]);
    // From here on no process that started earlier is signed for: what it leaves at the venue is found and cancelled below.
    account.signer.begin?.();
    const wallet = bench.wallet;
    const running = await session(traded, gateway!, account, wallet, log, carried, (attached) => {
      runtime = attached;
    });
    const { key: apiKey, secret, passphrase } = credentials!;
    return {
      ...running,
      canceller: { address: account.parties.wallet, apiKey, secret, passphrase },
      admit(market) {
        account.admit(market);
        wallet?.admit(market);
      },
    };
  } catch (error) {
    gateway?.close();
    bench.close();
    throw error;
  }
}

async function session(
  { config, markets, clock, runId }: OpenLiveOptions,
  gateway: PolymarketGateway,
  { signer }: LiveAccount,
  wallet: LiveWallet | undefined,
  log: AccountLog,
  carried: RebuiltAccount | undefined,
  keep: (runtime: Runtime) => void,
): Promise<Omit<LiveSession, "admit" | "canceller">> {
  const { collateral } = await gateway.fetchBalances();
  const since = carried === undefined ? gateway.tradesFromNow() : String(carried.tradesFrom);
  if (carried !== undefined) gateway.follow(ordersOf(carried), since);
  const chain = wallet === undefined ? undefined : chainBooks(wallet, clock);
  const settlement =
    wallet === undefined ? undefined : settlementOf(wallet, runId, clock, carried?.runs ?? []);
  let sync = (): Promise<void> =>
    Promise.reject(new MatchpointError("INVARIANT", "the run is not attached yet"));
  const link = createVenueLink({
    adapter: gateway,
    ...(settlement === undefined ? {} : { settlement }),
    clock,
    durable: () => sync(),
  });
  wallet?.chain.start();
  const rehearsal = isLocal(config.execution.clob_url);
  return {
    link,
    gateway,
    markets,
    collateral,
    since,
    carried,
    chain,
    // A venue on this machine tells at once what it knows.
    ...(rehearsal ? { recoverEveryMs: 400 } : {}),
    rehearsal,
    leaseTrouble: () => overtaken(signer),
    account: log.account,
    begun: (journalPath) => {
      log.goesOnFrom(journalPath);
    },
    attach(run) {
      keep(run.runtime);
      sync = () => run.sync();
    },
    watches: (runtime, signal) => [
      reconciliations({
        adapter: gateway,
        core: runtime.core,
        clock,
        everyMs: config.execution.reconcile_s * 1_000,
        moves: runtime,
        signal,
        since,
        ...(chain === undefined ? {} : { chain }),
      }),
      watchTurn(signer, clock, signal),
      watchGeoblock({ transport: createWsTransport(), clock, signal, ...geoblockUrl(config) }),
    ],
    adopt: (line, runtime) => adoption(line, runtime, gateway, since),
    close() {
      gateway.close();
      wallet?.close();
      log.close();
    },
  };
}

/** Orders of the earlier run by their hashes, for the gateway to follow. */
function ordersOf({ open }: RebuiltAccount): readonly PreparedOrder[] {
  return open.flatMap(({ orderId, intent }) => (orderId === undefined ? [] : [{ orderId, intent }]));
}

/** The clock before all else: on a wrong one nothing that is signed holds. @throws MatchpointError `CLOCK_SKEWED` */
async function demandRightClock({ config, clock, signal }: OpenLiveOptions): Promise<ClockCheck> {
  const found = clockForLive(await checkClock(config, clock, signal), isLocal(config.execution.clob_url));
  demandClock(config, found);
  return found;
}

function geoblockUrl({ execution }: BotConfig): { readonly url?: string } {
  const { clob_url: url } = execution;
  return url !== undefined && isLocal(url) ? { url: `${url}/api/geoblock` } : {};
}
