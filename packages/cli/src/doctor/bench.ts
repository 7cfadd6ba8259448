import { createWsTransport, fetchApiKey, type ApiCredentials } from "@matchpoint/adapters-polymarket";
import {
  isMatchpointError,
  listedMarkets,
  type BotConfig,
  type Clock,
  type MarketDescription,
  type Mode,
  type Transport,
} from "@matchpoint/sdk";
import { checkClock, clockForLive, type ClockCheck } from "../clockCheck.ts";
import { openAccount, type LiveAccount } from "../live/account.ts";
import { relayerKeys } from "../live/relayerAccess.ts";
import { apiKey, rpcUrls, type LiveSecrets } from "../live/secrets.ts";
import { listingsOf, venueTerms, type Listings, type VenueTerms } from "../live/terms.ts";
import { checkWallet, forRun, isLocal, openWallet, type LiveWallet } from "../live/wallet.ts";
import { Discovery, type Look } from "../discover/index.ts";
import type { Secrets } from "../secrets/index.ts";
import type { ChecklistLine } from "./finding.ts";

/** What the checks are made with. */
export interface BenchOptions {
  /** Where `problem` is set, defaults stand in for what could not be read. */
  readonly config: BotConfig;
  readonly file?: string;
  /** Why the configuration cannot be used. */
  readonly problem?: Error;
  readonly mode: Mode;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The environment; only names are looked at. Default the process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default the process's version of Node. */
  readonly node?: string;
  /** Where the journal goes; default into `journal.dir`. */
  readonly journalPath?: string;
  /** What is traded; default what the configuration lists. */
  readonly markets?: readonly MarketDescription[];
  /** What a run has opened already: the checks are then made with that. */
  readonly opened?: {
    readonly secrets: LiveSecrets;
    readonly account: LiveAccount;
    readonly clocks: ClockCheck;
  };
}

/** Everything that checks look at, each opened once and when it is first asked for. */
export class Bench {
  readonly options: BenchOptions;
  readonly config: BotConfig;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  readonly transport: Transport = createWsTransport();
  readonly #made = new Map<string, Promise<unknown>>();
  #wallet: LiveWallet | undefined;
  #closed = false;

  constructor(options: BenchOptions) {
    this.options = options;
    this.config = options.config;
    this.clock = options.clock;
    this.signal = options.signal;
    this.secrets = options.secrets;
  }

  get live(): boolean {
    return this.options.mode === "live";
  }

  /** Whether the venue is one of this machine: a rehearsal. */
  get local(): boolean {
    return isLocal(this.config.execution.clob_url);
  }

  /** The CLOB of a live run, as options of whoever asks it. */
  get clob(): { readonly clobUrl?: string } {
    const { clob_url: clobUrl } = this.config.execution;
    return clobUrl === undefined ? {} : { clobUrl };
  }

  /** Does something once, however many checks ask for it; what failed stays failed. */
  once<T>(name: string, work: () => Promise<T>): Promise<T> {
    const known = this.#made.get(name);
    if (known !== undefined) return known as Promise<T>;
    const made = work();
    this.#made.set(name, made);
    // Whoever asks for it is told; that nobody asks any more is no fault.
    made.catch(() => undefined);
    return made;
  }

  /** What discovery finds now; `undefined`: nothing is looked for, or a run has looked already. @throws MatchpointError */
  discovered(): Promise<(Look & { readonly problems: readonly string[] }) | undefined> {
    return this.once("discovered", async () => {
      const { discover } = this.config;
      if (discover === undefined || this.options.markets !== undefined) return undefined;
      const problems: string[] = [];
      const discovery = new Discovery(this.config, discover, this.secrets, this.clock, (problem) => {
        problems.push(problem);
      });
      return { ...(await discovery.look(this.signal)), problems };
    });
  }

  /** What is traded: the configured markets, and those that are found now. @throws MatchpointError */
  markets(): Promise<readonly MarketDescription[]> {
    return this.once("markets", async () => {
      if (this.options.markets !== undefined) return this.options.markets;
      const found = (await this.discovered())?.added ?? [];
      return [...listedMarkets(this.config), ...found.map(({ market }) => market)];
    });
  }

  clocks(): Promise<ClockCheck> {
    return this.once("clocks", async () => {
      if (this.options.opened !== undefined) return this.options.opened.clocks;
      const found = await checkClock(this.config, this.clock, this.signal);
      return this.live ? clockForLive(found, this.local) : found;
    });
  }

  account(): Promise<LiveAccount> {
    return this.once("account", async () => {
      const { opened } = this.options;
      if (opened !== undefined) return opened.account;
      const key = await this.secrets.find("private_key");
      // Whose account it is does not hang on what is found.
      const markets = await this.markets().catch(() => listedMarkets(this.config));
      return openAccount(this.config, key!, markets, this.clock);
    });
  }

  /** The API key that is given, else the wallet's own. @throws MatchpointError */
  credentials(): Promise<ApiCredentials> {
    return this.once("credentials", async () => {
      const { opened } = this.options;
      const given = opened === undefined ? await apiKey(this.secrets) : opened.secrets.api;
      if (given !== undefined) return given;
      const { signer } = await this.account();
      const { chain_id: chainId, clob_url: url } = this.config.execution;
      return fetchApiKey({
        transport: this.transport,
        signer,
        chainId,
        now: this.clock.wall(),
        ...(url === undefined ? {} : { url }),
      });
    });
  }

  rpcUrls(): Promise<readonly string[]> {
    return this.once(
      "rpcs",
      async () => this.options.opened?.secrets.rpcUrls ?? rpcUrls(this.config, this.secrets),
    );
  }

  /** The wallet on the chain: to send with it for a run, only to look otherwise. @throws MatchpointError */
  openWallet(): Promise<LiveWallet> {
    return this.once("wallet", async () => {
      const { opened } = this.options;
      const relayer = opened === undefined ? await relayerKeys(this.secrets) : opened.secrets.relayer;
      const access = { rpcUrls: await this.rpcUrls(), relayer };
      const use = opened === undefined ? "read" : "send";
      const markets = opened === undefined ? await this.markets() : (await this.terms()).markets;
      const wallet = await openWallet(this.config, await this.account(), access, markets, this.clock, use);
      this.#wallet = wallet;
      if (this.#closed) wallet.close();
      return wallet;
    });
  }

  /** What the wallet lacks, by `walletChecks`. @throws MatchpointError */
  chain(): Promise<readonly ChecklistLine[]> {
    return this.once("chain", async () =>
      forRun(await checkWallet(await this.openWallet(), (await this.terms()).markets)),
    );
  }

  /** What Gamma lists; text: why it says nothing. */
  listings(): Promise<Listings | string> {
    return this.once("listings", async () =>
      listingsOf(this.config, await this.markets(), this.clock, this.signal),
    );
  }

  /** The markets on the venue's terms. */
  terms(): Promise<VenueTerms> {
    return this.once("terms", async () =>
      venueTerms(this.config, await this.markets(), this.clock, this.signal, await this.listings()),
    );
  }

  /** The wallet, once it was opened. */
  get wallet(): LiveWallet | undefined {
    return this.#wallet;
  }

  /** Closes the wallet; what is opened later, too. */
  close(): void {
    this.#closed = true;
    this.#wallet?.close();
  }
}

/** An error's first line; none of its causes, where a secret might stand. */
export function lineOf(error: unknown): string {
  return error instanceof Error ? error.message.split("\n")[0]! : String(error);
}

/** What to do about an error, as far as it says so. */
export function hintOf(error: unknown, otherwise: string): string {
  return isMatchpointError(error) ? (error.hint ?? otherwise) : otherwise;
}
