import {
  id,
  Mailbox,
  type BotConfig,
  type Bus,
  type Clock,
  type CoreEvent,
  type MarketId,
  type Millis,
  type Mode,
  type OperatorCommand,
  type RealismPart,
  type Runtime,
  type Secret,
  type StrategyId,
} from "@matchpoint/sdk";
import type { Alerts } from "../alerts/index.ts";
import type { Io } from "../io.ts";
import { RunMetrics } from "../metrics/index.ts";
import { realismOfRun } from "../paper.ts";
import { bornOf } from "../processes.ts";
import { plain } from "../report/format.ts";
import { announce, newToken } from "./announcement.ts";
import { stateFact, type FactTaken } from "./facts.ts";
import { proveNone, type KillReport, type ProofOf } from "./killProof.ts";
import { serveControl, type ControlActions, type ControlServer, type Health } from "./server.ts";
import { healthOf, statusOf, type Footing, type RunStatus } from "./status.ts";
import {
  EVERY_MARKET,
  killedAgain,
  settled,
  word,
  type ResumeWord,
  type StopFile,
  type Stops,
} from "./stopFile.ts";
import { followed, refusalOf } from "./stopsOfRun.ts";
import { killedWords, unkept } from "./words.ts";

/** What a run's control is made of. */
export interface RunControlOptions {
  readonly config: BotConfig;
  readonly mode: Mode;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly io: Io;
  readonly quiet: boolean;
  readonly stops: StopFile;
  /** What the metrics are read with; absent: whoever is on this machine may. */
  readonly metricsToken?: Secret;
  /** The venue, asked apart from the run's own books. */
  readonly venue: Pick<ProofOf, "look" | "cancelAll">;
}

/** How often the stop file is looked at. */
const LOOK_MS = 200;
/** Between the looks that prove that no order is open, in ms; a venue on this machine lists at once what it has. */
const APART_MS = 1_000;
const APART_HERE_MS = 200;
/** A kill that has not been proven by then is told as not proven. */
const PROOF_MS = 15_000;

/**
 * Lets a run be stopped from outside: by the stop file, which is on the disk and is looked at all the time, and at once by a server on
 * the loopback interface. Both become operator's events of the run's log; what is stopped, by whomever, is kept in the file, so that
 * the next start knows.
 */
export class RunControl implements ControlActions {
  readonly #options: RunControlOptions;
  readonly #mail = new Mailbox<CoreEvent>();
  readonly #heard = new Set<string>();
  readonly #metrics: RunMetrics;
  readonly #realism: readonly RealismPart[] | undefined;
  readonly #footings = new Map<Footing, () => string | undefined>();
  #server: ControlServer | undefined;
  #withdraw = (): void => undefined;
  #look: NodeJS.Timeout | undefined;
  #lookedAt = performance.now();
  #lagMs = 0;
  #proof: Promise<KillReport> | undefined;
  #refusal: string | undefined;
  /** A kill is on its way to the run. */
  #killing = false;

  constructor(options: RunControlOptions) {
    this.#options = options;
    const { runtime, stops } = options;
    this.#realism = realismOfRun(options.config, options.mode);
    this.#metrics = new RunMetrics({ runtime, health: () => this.health() });
    runtime.on("step", (event, effects) => {
      const next = followed(event, effects, runtime.core);
      if (next !== undefined) this.#keep(next);
      if (event.type !== "operator") return;
      if (event.command.kind === "kill") {
        this.#killing = false;
        void this.#proven();
      }
      if (event.command.kind === "resume") this.#refusal = refusalOf(event, effects);
    });
    // Another process may have killed the account's last run, or the core itself.
    if (runtime.core.system.latched)
      this.#keep((now) =>
        now.kill === undefined && now.resumes.length === 0
          ? { ...now, kill: word("the account's last run", "it was killed", options.clock.wall()) }
          : now,
      );
    stops.news();
  }

  /**
   * Begins to listen, and says where; also where the run's journal is, and where it shows itself, if it does.
   * @throws MatchpointError `CONFIG_INVALID` when `control.port` is taken
   */
  async open(where: { readonly journal?: string; readonly dashboard?: string } = {}): Promise<void> {
    const { config, mode, runtime, clock, metricsToken } = this.#options;
    this.#look = setInterval(() => {
      this.#lookAgain();
    }, LOOK_MS);
    this.#look.unref();
    const { enabled, port } = config.control;
    if (!enabled) return;
    const token = newToken();
    const access = { token, ...(metricsToken === undefined ? {} : { metrics: metricsToken }) };
    this.#server = await serveControl(this, access, port);
    const { url: venueUrl, chain } = { url: config.execution.clob_url, chain: config.execution.chain_id };
    const born = bornOf(process.pid);
    this.#withdraw = announce(config.journal.dir, {
      runId: runtime.runId,
      mode,
      pid: process.pid,
      ...(born === undefined ? {} : { born }),
      startedAt: clock.wall(),
      url: this.#server.url,
      token,
      ...where,
      ...(mode === "live"
        ? { venue: { chainId: chain, ...(venueUrl === undefined ? {} : { url: venueUrl }) } }
        : {}),
    });
  }

  /** Puts what is stopped already into the run's log, behind its listings and before anything else. */
  begin(bus: Bus): void {
    this.#metrics.watch(bus);
    const stops = this.#options.stops.read();
    const tell = (event: CoreEvent): void => {
      bus.offer(event);
    };
    // What the account's last run had stopped, this one has too; only what is on the file alone is settled by the file alone.
    this.#resume(stops.resumes, tell);
    if (stops.resumes.length > 0) this.#keep((now) => ({ ...settled(now), strategies: now.strategies }));
    this.#stop(settled(stops), tell);
  }

  /** What is ordered from now on; a source of the run. */
  events(signal: AbortSignal): AsyncIterable<CoreEvent> {
    return this.#mail.read(signal);
  }

  close(): void {
    clearInterval(this.#look);
    this.#server?.close();
    this.#metrics.close();
    this.#withdraw();
  }

  health(): Health {
    const lagMs = Math.max(this.#lagMs, this.#sinceLook - LOOK_MS);
    return healthOf(this.#options.runtime.core, lagMs, this.#footings);
  }

  /** It is ready only while nothing is wrong with this. */
  standsOn(footing: Footing, troubleOf: () => string | undefined): void {
    this.#footings.set(footing, troubleOf);
  }

  /** What has become of the run's alerts is among its metrics. */
  follow(alerts: Alerts): void {
    this.#metrics.follow(() => alerts.counts);
  }

  metrics(): Promise<string> {
    return this.#metrics.text();
  }

  status(): RunStatus {
    const { runtime, mode, stops } = this.#options;
    return statusOf(runtime, mode, stops.read(), this.health(), this.#refusal, this.#realism);
  }

  async kill(by: string, reason: string): Promise<KillReport> {
    const said = this.#word(by, reason);
    const kept = this.#keep((now) => ({ ...now, kill: killedAgain(now.kill, said), resumes: [] }));
    if (!this.#killing) {
      this.#killing = true;
      this.#order({ kind: "kill", ...because(reason) }, by);
    }
    const report = await this.#proven();
    return kept === undefined ? report : { ...report, trouble: kept };
  }

  stopEntries(by: string, reason: string): RunStatus {
    this.#keep((now) => ({ ...now, stopEntries: now.stopEntries ?? this.#word(by, reason) }));
    this.#order({ kind: "stop_entries", ...because(reason) }, by);
    return this.status();
  }

  halt(by: string, reason: string, market: string | undefined): RunStatus {
    const key = market ?? EVERY_MARKET;
    const said = this.#word(by, reason);
    this.#heard.add(`${key}@${said.at}`);
    this.#keep((now) => ({ ...now, halts: { ...now.halts, [key]: said } }));
    this.#order({ kind: "halt", ...marketOf(market), ...because(reason) }, by);
    return this.status();
  }

  fact(by: string, line: string): Promise<FactTaken> {
    return stateFact(this.#options.runtime, line, (command) => {
      this.#order(command, by);
    });
  }

  get #isKilled(): boolean {
    return this.#killing || this.#options.runtime.core.system.latched;
  }

  get #sinceLook(): number {
    return performance.now() - this.#lookedAt;
  }

  #word(by: string, reason: string): ReturnType<typeof word> {
    return word(by, reason, this.#options.clock.wall());
  }

  #lookAgain(): void {
    this.#lagMs = Math.max(0, this.#sinceLook - LOOK_MS);
    this.#lookedAt = performance.now();
    const news = this.#options.stops.news();
    if (news !== undefined)
      this.#heed(news, (event) => {
        this.#mail.push(event);
      });
  }

  /** Makes the run what the file says: nothing that is stopped here is ever resumed because the file does not name it. */
  #heed(stops: Stops, tell: (event: CoreEvent) => void): void {
    const fresh = stops.resumes.filter((each) => !this.#heard.has(each.id));
    this.#resume(fresh, tell);
    if (fresh.length > 0)
      this.#keep((now) => ({ ...now, resumes: now.resumes.filter((each) => !this.#heard.has(each.id)) }));
    // What is older than a resume is ended by the run itself, when it follows it.
    this.#stop(fresh.length === 0 ? stops : settled({ ...stops, resumes: fresh }), tell);
  }

  #resume(words: readonly ResumeWord[], tell: (event: CoreEvent) => void): void {
    for (const { id: name, market, strategy, by, reason } of words) {
      this.#heard.add(name);
      const of = strategy === undefined ? marketOf(market) : { strategyId: id<StrategyId>(strategy) };
      tell(this.#event({ kind: "resume", ...of, ...because(reason) }, by));
    }
  }

  #stop({ kill, stopEntries, halts }: Stops, tell: (event: CoreEvent) => void): void {
    const { system } = this.#options.runtime.core;
    const offer = (command: OperatorCommand, by: string): void => {
      tell(this.#event(command, by));
    };
    if (kill !== undefined && !this.#isKilled) {
      this.#killing = true;
      offer({ kind: "kill", ...because(kill.reason), ...givenAt(kill.at) }, kill.by);
    }
    if (stopEntries !== undefined && system.restriction === "none")
      offer({ kind: "stop_entries", ...because(stopEntries.reason) }, stopEntries.by);
    for (const [market, { by, reason, at }] of Object.entries(halts)) {
      const key = `${market}@${at}`;
      if (this.#heard.has(key)) continue;
      this.#heard.add(key);
      offer({ kind: "halt", ...marketOf(market), ...because(reason) }, by);
    }
  }

  #order(command: OperatorCommand, by: string): void {
    this.#mail.push(this.#event(command, by));
  }

  #event(command: OperatorCommand, by: string): CoreEvent {
    const { clock } = this.#options;
    return { type: "operator", at: clock.monotonic(), receivedAt: clock.wall(), operator: by, command };
  }

  /** Writes to the stop file; what is wrong with it is told, and stops nothing else. */
  #keep(change: (stops: Stops) => Stops): string | undefined {
    const { stops, io } = this.#options;
    try {
      stops.update(change);
      return undefined;
    } catch (error) {
      const told = unkept(stops.path, error);
      io.err(`warning: ${plain(told)}`);
      return told;
    }
  }

  /** The proof of the last kill; one at a time. */
  #proven(): Promise<KillReport> {
    this.#proof ??= this.#prove();
    return this.#proof;
  }

  async #prove(): Promise<KillReport> {
    const { config, runtime, venue, io, quiet } = this.#options;
    const here = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(config.execution.clob_url ?? "");
    const apartMs = this.#options.mode === "paper" || here ? APART_HERE_MS : APART_MS;
    const report = await proveNone({ core: runtime.core, ...venue, apartMs, withinMs: PROOF_MS });
    this.#proof = undefined;
    if (!report.proven) io.err(`warning: ${killedWords(report)}`);
    else if (!quiet) io.out(killedWords(report));
    return report;
  }
}

/** When a kill was given, where that is known: its cool-down counts from then. */
function givenAt(at: number): { readonly givenAt?: Millis } {
  return at > 0 && Number.isFinite(at) ? { givenAt: at as Millis } : {};
}

function because(reason: string): { readonly reason?: string } {
  return reason === "" ? {} : { reason };
}

function marketOf(market: string | undefined): { readonly marketId?: MarketId } {
  return market === undefined || market === EVERY_MARKET ? {} : { marketId: id<MarketId>(market) };
}
