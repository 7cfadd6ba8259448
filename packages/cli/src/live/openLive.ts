import {
  createWsTransport,
  fetchApiKey,
  venueChecks,
  watchGeoblock,
  type ApiCredentials,
  type PolymarketGateway,
} from "@matchpoint/adapters-polymarket";
import {
  createVenueLink,
  isMatchpointError,
  MatchpointError,
  reconciliations,
  type BotConfig,
  type ChainBooks,
  type CoreEvent,
  type MarketDescription,
  type OperatorCommand,
  type PreparedOrder,
  type RebuiltAccount,
  type Runtime,
  type SystemClock,
  type Usdc,
  type VenueLink,
} from "@matchpoint/sdk";
import { checkClock, demandClock } from "../clockCheck.ts";
import type { Io } from "../io.ts";
import type { Secrets } from "../secrets/index.ts";
import { adoption } from "./adopt.ts";
import { openAccount, type LiveAccount } from "./account.ts";
import { demandChecklist, printChecklist, type ChecklistLine } from "./checklist.ts";
import { goesOn, startsFlat } from "./beginning.ts";
import { chainBooks } from "./chainBooks.ts";
import { openAccountLog, rebuiltAccount, withHeld, type AccountLog } from "./lastRun.ts";
import { gatewayOf } from "./liveGateway.ts";
import { liveSecrets, type LiveSecrets } from "./secrets.ts";
import { venueTerms } from "./terms.ts";
import { watchTurn } from "./turn.ts";
import { checkWallet, forRun, isLocal, openWallet, settlementOf, type LiveWallet } from "./wallet.ts";

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
  readonly clock: SystemClock;
  readonly signal: AbortSignal;
  readonly io: Io;
  /** Whether the checklist is printed; what fails is told by the error all the same. */
  readonly quiet: boolean;
}

/**
 * Goes through the start-up checklist and opens the venue.
 * @throws MatchpointError `CONFIG_LIVE_REFUSED` when a check fails, `CREDENTIALS_INVALID`, `CONFIG_INVALID`
 */
export async function openLive(options: OpenLiveOptions): Promise<LiveSession> {
  const { config, markets, clock } = options;
  const clocks = await clockLines(options);
  const secrets = await liveSecrets(config, options.secrets);
  const opened = await openAccount(config, secrets.privateKey, markets, clock);
  const log = openAccountLog(config, opened.parties);
  try {
    const account = log.fence === undefined ? opened : opened.fenced(log.fence);
    return await openWith(options, clocks, secrets, account, log);
  } catch (error) {
    log.close();
    throw error;
  }
}

async function openWith(
  asked: OpenLiveOptions,
  clocks: readonly ChecklistLine[],
  secrets: LiveSecrets,
  account: LiveAccount,
  log: AccountLog,
): Promise<LiveSession> {
  const { config, clock, io, quiet } = asked;
  const carried = rebuiltAccount(log, clock.wall(), (problem) => {
    io.err(`warning: ${problem}`);
  });
  // A market that was found by itself stays until nothing is left in it, found again or not.
  const markets = config.discover === undefined ? asked.markets : withHeld(asked.markets, carried);
  for (const market of markets) account.admit(market);
  const options: OpenLiveOptions = { ...asked, markets };
  const terms = await venueTerms(config, markets, clock, options.signal);
  const traded: OpenLiveOptions = { ...options, markets: terms.markets };
  const examined = await examine(options, secrets, account, terms.markets);
  const { credentials, wallet } = examined;
  const lines = [...clocks, ...examined.lines, ...terms.lines];
  let gateway: PolymarketGateway | undefined;
  try {
    let flat: readonly ChecklistLine[] = [];
    let runtime: Runtime | undefined;
    if (credentials !== undefined && lines.every(({ status }) => status !== "fail")) {
      gateway = await gatewayOf(
        traded,
        account,
        credentials,
        (marketId) => runtime?.core.market(marketId)?.book,
      );
      flat =
        carried === undefined
          ? await startsFlat(gateway, options.signal)
          : await goesOn(gateway, carried, terms.markets, options.signal);
    }
    if (!quiet) printChecklist([...lines, ...flat], io);
    demandChecklist([...lines, ...flat]);
    // From here on no process that started earlier is signed for: what it leaves at the venue is found and cancelled below.
    account.signer.begin?.();
    const opened = await session(traded, gateway!, account, wallet, log, carried, (attached) => {
      runtime = attached;
    });
    const { key: apiKey, secret, passphrase } = credentials!;
    return {
      ...opened,
      canceller: { address: account.parties.wallet, apiKey, secret, passphrase },
      admit(market) {
        account.admit(market);
        wallet?.admit(market);
      },
    };
  } catch (error) {
    gateway?.close();
    wallet?.close();
    throw error;
  }
}

async function session(
  { config, markets, clock, runId, io }: OpenLiveOptions,
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
  const chain = wallet === undefined ? undefined : chainBooks(wallet);
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
  return {
    link,
    gateway,
    markets,
    collateral,
    since,
    carried,
    chain,
    // A venue on this machine tells at once what it knows.
    ...(isLocal(config.execution.clob_url) ? { recoverEveryMs: 400 } : {}),
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
        onChainSilent: (reason) => {
          io.err(`warning: the chain cannot be compared with: ${reason}`);
        },
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

interface Examined {
  readonly lines: readonly ChecklistLine[];
  readonly credentials: ApiCredentials | undefined;
  readonly wallet: LiveWallet | undefined;
}

/** Every check that can be made without an order; what one of them lacks is a line, and the others are made all the same. */
async function examine(
  { config, markets, clock, signal }: OpenLiveOptions,
  secrets: LiveSecrets,
  account: LiveAccount,
  traded: readonly MarketDescription[],
): Promise<Examined> {
  const { chain_id: chainId, clob_url: clobUrl } = config.execution;
  const transport = createWsTransport();
  const lines: ChecklistLine[] = [];
  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      lines.push({ id: name, status: "fail", found: error.message.split("\n")[0]!, fix: error.hint ?? "" });
      return undefined;
    }
  };
  const now = clock.wall();
  const url = clobUrl === undefined ? {} : { url: clobUrl };
  const credentials =
    secrets.api ??
    (await attempt("api-key", () =>
      fetchApiKey({ transport, signer: account.signer, chainId, now, ...url }),
    ));
  lines.push(
    ...(await venueChecks({
      transport,
      clock,
      parties: account.parties,
      markets,
      maxSkewMs: config.time.max_skew_ms,
      signal,
      ...(credentials === undefined ? {} : { credentials }),
      ...(clobUrl === undefined ? {} : { clobUrl }),
      ...(clobUrl !== undefined && isLocal(clobUrl) ? { geoblockUrl: `${clobUrl}/api/geoblock` } : {}),
    })),
  );
  if (secrets.rpcUrls.length === 0) {
    lines.push({
      id: "rpc",
      status: "warn",
      found:
        "no node of the chain is named: allowances are not checked, pairs are not merged and nothing is redeemed",
      fix: "Set MATCHPOINT_RPC_URLS, or execution.rpc_urls.",
    });
    return { lines, credentials, wallet: undefined };
  }
  const wallet = await attempt("rpc", () => openWallet(config, account, secrets, traded, clock));
  if (wallet !== undefined) lines.push(...forRun(await checkWallet(wallet, traded)));
  return { lines, credentials, wallet };
}

/** The clock before all else: on a wrong one nothing that is signed holds. A rehearsal on this machine needs no NTP. */
async function clockLines({ config, clock, signal }: OpenLiveOptions): Promise<readonly ChecklistLine[]> {
  const found = await checkClock(config, clock, signal);
  const failed = found.checks.filter(({ status }) => status === "fail");
  demandClock(config, isLocal(config.execution.clob_url) ? { ...found, checks: failed } : found);
  return found.checks.filter(({ id: name }) => name === "clock-ntp");
}

function geoblockUrl({ execution }: BotConfig): { readonly url?: string } {
  const { clob_url: url } = execution;
  return url !== undefined && isLocal(url) ? { url: `${url}/api/geoblock` } : {};
}
