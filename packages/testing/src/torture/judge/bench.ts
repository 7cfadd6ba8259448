import type { CoreEvent } from "@matchpoint/sdk";
import type {
  AskEntry,
  DeathEntry,
  StallEntry,
  HistoryEntry,
  PostEntry,
  StartEntry,
  StartFailedEntry,
  StepEntry,
} from "../history.ts";
import type { History, Judge, Violation } from "../record.ts";
import { Account } from "./account.ts";
import { judgeBook } from "./bookChecks.ts";
import { judgeBreakers } from "./breakerChecks.ts";
import { judgeDisputed } from "./disputeChecks.ts";
import { Deaths } from "./deathChecks.ts";
import { Disks } from "./diskChecks.ts";
import { judgeWorth } from "./drawdownChecks.ts";
import {
  judgeClosing,
  judgeComeback,
  judgeConservation,
  judgeRest,
  judgeSecrets,
  judgeStopped,
  judgeWords,
  Kills,
  lineageOf,
} from "./endChecks.ts";
import { judgeExposure } from "./exposureChecks.ts";
import { heldBack, judgeGate } from "./gateChecks.ts";
import { Halts } from "./haltChecks.ts";
import { eventsOf, flawOf, OrdersWritten } from "./journalText.ts";
import { Life, nameOfWord } from "./life.ts";
import { judgeMoney } from "./moneyChecks.ts";
import { judgeOrders, judgePost } from "./orderChecks.ts";
import { judgePace, ToldPace } from "./paceChecks.ts";
import { judgeRecovered, judgeRestored } from "./restoreChecks.ts";
import { Comparison } from "./resumeChecks.ts";
import type { AtEnd, Seen } from "./seen.ts";
import { Facts, judgeFinals, judgeTruth } from "./truthChecks.ts";
import { TruthOfVenue } from "./truthOfVenue.ts";
import { Verdicts } from "./verdicts.ts";

const DAY_MS = 86_400_000;
/** After a longer one connections are gone, and books begin anew. */
const MOST_STALL_MS = 10_000;
/** So long before a program's last list of trades may have been the last one that it took to heart. */
const LISTED_NS = 3_000_000_000;

/** What a start of the program goes on from. */
interface Left {
  readonly account: Account;
  readonly foreign: ReadonlySet<string>;
  readonly shared: boolean;
  /** The time of the last event that its journal tells of, on the clock of the start before. */
  readonly told: number;
  /** Orders, and what became of them, that may count for the rates still. */
  readonly pace: ToldPace;
}

/** Watches one run with books of its own: what each start of the program has heard, and what truly happened at the venue. */
export class Bench implements Judge {
  readonly #verdicts = new Verdicts();
  readonly #truth: TruthOfVenue;
  readonly #history: History;
  readonly #lives = new Map<number, Life>();
  readonly #written = new Map<string, OrdersWritten>();
  /** The hash by which each intent left, by lineage and intent. */
  readonly #ofIntents = new Map<string, string>();
  /** What the account was when a life began, before its own journal. */
  readonly #bases = new Map<number, Left>();
  readonly #failures = new Map<number, string>();
  readonly #highest = new Map<string, number>();
  readonly #kills = new Kills();
  readonly #halts = new Halts();
  readonly #deaths = new Deaths();
  readonly #disks = new Disks();
  readonly #facts = new Facts();
  readonly #lineage = (life: number): number => lineageOf(this.#lives, life);
  /** Whether an order is of the line of starts that a life belongs to, and had come to the venue by then. */
  readonly #own = (orderId: string, life: number, before: number): boolean => {
    const order = this.#truth.orders.get(orderId);
    return order !== undefined && order.lineage === this.#lineage(life) && order.arrivedAt < before;
  };
  /** The wall clock was set. */
  #clockSet = false;
  #over = false;

  constructor(history: History) {
    this.#history = history;
    this.#truth = new TruthOfVenue(history.world.collateral);
  }

  checked(): Readonly<Record<string, number>> {
    return this.#verdicts.looks;
  }

  onStep(entry: HistoryEntry): readonly Violation[] | undefined {
    this.#verdicts.at(entry);
    this.#truth.take(entry, this.#lineage);
    switch (entry.kind) {
      case "start":
        this.#start(entry);
        break;
      case "start_failed":
        this.#failed(entry);
        break;
      case "death":
        this.#died(entry);
        break;
      case "step":
        this.#step(entry);
        break;
      case "post":
        this.#post(entry);
        break;
      case "ask":
        this.#asked(entry);
        break;
      case "cancel":
        this.#halts.cancel(entry);
        break;
      case "alarm":
        this.#kills.alarm(entry);
        break;
      case "phase":
        // Faults end before their time.
        for (const life of this.#lives.values()) life.oldUntil = 0;
        break;
      case "stall":
        this.#kills.stalled(entry);
        this.#stalled(entry);
        this.#disks.stall(entry);
        break;
      case "clock":
        this.#clockSet = true;
        for (const life of this.#lives.values()) life.pace.clockSet = true;
        break;
      case "fact":
        this.#facts.take(entry);
        break;
      case "disk_error":
        this.#deaths.refused(entry);
        this.#disks.refused(entry, this.#lives.get(entry.life), this.#verdicts);
        break;
      case "disk_room":
        this.#disks.room(entry, this.#history);
        break;
      case "disk_look":
        this.#disks.look(entry, this.#history, this.#lives.get(entry.life));
        break;
      default:
        break;
    }
    judgeWords(entry, this.#history, this.#verdicts);
    this.#kills.look(entry, this.#history, this.#verdicts, this.#own);
    this.#halts.look(entry, this.#history, this.#verdicts);
    return this.#verdicts.take();
  }

  atEnd(): readonly Violation[] | undefined {
    if (this.#over) return undefined;
    this.#over = true;
    const end: AtEnd = {
      history: this.#history,
      verdicts: this.#verdicts,
      truth: this.#truth,
      lives: this.#lives,
    };
    judgeRest(end);
    judgeConservation(end);
    judgeFinals(end, this.#facts);
    judgeComeback(end, this.#failures);
    judgeSecrets(end);
    return this.#verdicts.take();
  }

  /** A start: with the account that the journal before it still tells of. */
  #start(entry: StartEntry): void {
    const before = entry.recovers === undefined ? undefined : this.#lives.get(entry.recovers);
    const left: Left =
      before === undefined
        ? { account: new Account(), foreign: new Set(), shared: false, told: -1, pace: new ToldPace() }
        : this.#left(before);
    const { account, foreign, shared, told } = left;
    const life = new Life(entry, before?.lineage ?? entry.life, account);
    if (before !== undefined) {
      for (const each of foreign) life.foreign.add(each);
      life.shared = shared;
      life.breakers.goOn(before.breakers, told);
      life.drawdown.goOn(before.drawdown, told);
      life.pace.told = new ToldPace(left.pace);
      life.pace.clockSet = this.#clockSet;
      life.day = before.day;
      const disk = this.#history.world.disk(before.start.journal);
      life.flaw = disk === undefined ? undefined : flawOf(disk.bytes);
    }
    this.#lives.set(entry.life, life);
    this.#bases.set(entry.life, { ...left, account: account.copy() });
  }

  /** What a life has left behind, as the bytes of its journal have it. */
  #left({ start, lineage, refused }: Life): Left {
    const base = this.#bases.get(start.life)!;
    const again = new Life(start, lineage, base.account.copy());
    for (const each of base.foreign) again.foreign.add(each);
    again.shared = base.shared;
    const pace = new ToldPace(base.pace);
    const disk = this.#history.world.disk(start.journal);
    for (const event of disk === undefined ? [] : eventsOf(disk.bytes)) {
      const unheard = event.type === "operator" && refused.has(nameOfWord(event));
      again.account.take(event, unheard);
      again.take(event, unheard);
      pace.take(event, again.account);
      again.at = event.at;
    }
    const { account, foreign, shared, at } = again;
    return { account, foreign, shared, told: at, pace };
  }

  #failed(entry: StartFailedEntry): void {
    this.#failures.set(entry.life, entry.code);
    this.#kills.gone(entry.life);
    this.#deaths.failed(entry, this.#verdicts);
    if (entry.code !== "JOURNAL_CORRUPT") return;
    const life = this.#lives.get(entry.life);
    if (life?.start.recovers === undefined) return;
    const { recovers } = life.start;
    this.#verdicts.holds("I9", life.flaw !== undefined, `refused ${entry.life}`, () => {
      return `life ${entry.life} refused the journal of life ${recovers}, which is whole: ${entry.message}`;
    });
  }

  /** A host does nothing: for as long after it as it lasts, ten seconds at most, what its program hears is old. */
  #stalled({ life: number, ms, at }: StallEntry): void {
    const life = this.#lives.get(number);
    if (life === undefined) return;
    life.oldUntil = Math.max(life.oldUntil, at + (ms + Math.min(ms, MOST_STALL_MS)) * 1e6);
  }

  #died(entry: DeathEntry): void {
    this.#kills.gone(entry.life);
    this.#halts.gone(entry.life);
    this.#deaths.died(entry, this.#verdicts);
    const life = this.#lives.get(entry.life);
    if (life !== undefined) this.#ended(life, entry);
    if (entry.code !== undefined) this.#failures.set(entry.life, entry.code);
    this.#verdicts.holds("I4", entry.code !== "EVENT_INVALID", `end of ${entry.life}`, () => {
      return `life ${entry.life} was ended by what it was told: ${entry.message ?? ""}`;
    });
  }

  /**
   * One that was told to end while faults struck had to do so under them. What comes to the venue of a second bot when it has ended nobody
   * tells it: it is not started again.
   */
  #ended(life: Life, { how }: DeathEntry): void {
    const counts = this.#history.phase === "liveness" && !(how === "stopped" && life.stoppedEarly);
    life.ended = counts ? how : "killed";
    if (life.start.bot === "a") return;
    const books = this.#truth.booksOf(life.lineage);
    life.left = books.changedAt > life.listedAt - LISTED_NS ? "untold" : books.copy();
  }

  #post(entry: PostEntry): void {
    const life = this.#lives.get(entry.life);
    if (life === undefined) return;
    const { journal, bot } = life.start;
    const written = this.#written.get(journal) ?? new OrdersWritten();
    this.#written.set(journal, written);
    const bench = { verdicts: this.#verdicts, truth: this.#truth };
    judgePost(bench, life, entry, this.#history, written, this.#ofIntents);
    const highest = this.#highest.get(bot) ?? 0;
    this.#verdicts.holds("I14", entry.epoch >= highest, entry.orderId, () => {
      return `order ${entry.orderId} left under epoch ${entry.epoch}, after one had left under ${highest}`;
    });
    this.#highest.set(bot, Math.max(highest, entry.epoch));
    const held = heldBack({ life, history: this.#history }, entry.intent, true);
    this.#verdicts.holds("I12", held === undefined, `post ${entry.orderId}`, () => {
      return `order ${entry.orderId} (${entry.intent.purpose} in ${entry.intent.marketId}) has left: ${held!}`;
    });
  }

  #step(step: StepEntry): void {
    const life = this.#lives.get(step.life);
    if (life === undefined) return;
    life.runtime ??= this.#history.runtimes.get(step.life);
    const core = life.runtime?.core;
    const { event } = step;
    const verdicts = this.#verdicts;
    verdicts.looked("I18");
    if (!(event.at >= life.at))
      verdicts.wrong(
        "I18",
        `time of ${step.life}`,
        `${event.type} at ${event.at} ns came after ${life.at} ns`,
      );
    life.at = event.at;
    const refused = this.#resume(life, step);
    const effect = life.account.take(event, refused);
    life.take(event, refused);
    if (event.type === "run_stopping") life.stoppedEarly = this.#history.phase !== "liveness";
    if (event.type === "operator") {
      if (event.command.kind === "kill") this.#kills.killed(step.life, step.at);
      // Whoever is resumed may let orders rest again.
      else if (event.command.kind === "resume" && !refused) this.#kills.gone(step.life);
    }
    if (core === undefined) return;
    this.#fund(life, event, core.ledger.deposits);
    const seen: Seen = { history: this.#history, verdicts, truth: this.#truth, life, core, step, effect };
    verdicts.looked("I18");
    if (core.wall !== event.receivedAt)
      verdicts.wrong(
        "I18",
        `wall of ${step.life}`,
        `the core's wall clock is ${core.wall} with an event of ${event.receivedAt}`,
      );
    judgeRestored(seen);
    judgeRecovered(seen);
    if (event.type === "run_stopping" && this.#history.phase === "liveness") judgeClosing(seen);
    this.#day(life, life.account.realized, event.receivedAt);
    judgeStopped(seen);
    judgeBreakers(seen);
    life.comparison?.look(life, this.#truth);
    judgeGate(seen);
    judgePace(seen);
    this.#disks.step(seen);
    judgeOrders(seen);
    this.#halts.step(seen);
    judgeMoney(seen);
    judgeBook(seen);
    judgeTruth(seen);
    judgeWorth(seen);
    judgeExposure(seen);
    judgeDisputed(seen);
  }

  /** A resume after a kill is followed when the system says that it goes on. Whether it is refused; too soon it has to be. */
  #resume(life: Life, { event, effects, life: number }: StepEntry): boolean {
    if (event.type !== "operator") return false;
    const { command, at } = event;
    if (command.kind === "kill") life.killedAt = at;
    if (command.kind !== "resume") return false;
    if (!life.account.person.killed && life.states.get("") !== "HALTED") return false;
    const goesOn = effects.some(
      (effect) =>
        effect.type === "transition" &&
        effect.machine === "system" &&
        effect.subject === "" &&
        effect.from === "HALTED" &&
        effect.to !== "DRAINING",
    );
    if (!goesOn) life.refused.add(nameOfWord(event));
    else if (!life.recovering) life.comparison = new Comparison();
    const { killedAt } = life;
    if (!goesOn || killedAt === undefined) return !goesOn;
    const { kill_cooldown_ms: cooldown } = this.#history.world.config.risk;
    this.#verdicts.holds("I12", at - killedAt >= cooldown * 1e6, `resume ${at} of ${number}`, () => {
      return `life ${number} goes on ${(at - killedAt) / 1e6} ms after its kill, the cool-down is ${cooldown} ms`;
    });
    life.killedAt = undefined;
    return false;
  }

  /** The first report of the collateral came before anybody could listen. The bot's is what the wallet began with. */
  #fund({ account, start }: Life, event: CoreEvent, deposits: number): void {
    if (account.funded || start.recovers !== undefined || event.type === "run_started") return;
    account.fund(deposits);
    const { collateral } = this.#history.world;
    if (start.bot === "a" && start.life === 0)
      this.#verdicts.holds("I7", deposits === collateral, "collateral", () => {
        return `the books begin with ${deposits} micro-dollars, the wallet with ${collateral}`;
      });
  }

  #asked(entry: AskEntry): void {
    const { life: number, what, orderId, answered, at } = entry;
    const life = this.#lives.get(number);
    if (life === undefined || !answered) return;
    life.comparison?.asked(entry);
    if (what === "trades") life.listedAt = at;
    if (orderId !== undefined) life.answers.set(orderId, (life.answers.get(orderId) ?? 0) + 1);
  }

  #day(life: Life, realized: number, wall: number): void {
    if (wall >= life.day.ends) {
      const base = life.day.ends === 0 ? 0 : life.realized;
      life.day = { ends: (Math.floor(wall / DAY_MS) + 1) * DAY_MS, base };
    }
    life.realized = realized;
  }
}
