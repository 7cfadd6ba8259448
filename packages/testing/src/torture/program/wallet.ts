import {
  Mailbox,
  type ChainAction,
  type ChainBooks,
  type ChainHoldings,
  type ChainOutcome,
  type ChainReport,
  type MarketId,
  type SettlementAdapter,
} from "@matchpoint/sdk";
import type { Ground } from "../kernel/ground.ts";
import { never } from "../kernel/never.ts";
import { TortureError } from "../kernel/tortureError.ts";
import type { SimChain } from "../world/chain.ts";
import type { Life } from "./life.ts";

/** A program's way to the chain. It sends each action once, whoever asks, and tells again what became of one that was sent before, as a wallet with a journal does. */
export class SimWallet implements SettlementAdapter, ChainBooks {
  readonly #ground: Ground;
  readonly #life: Life;
  readonly #chain: SimChain;
  readonly #out = new Mailbox<ChainReport>();

  constructor(ground: Ground, life: Life, chain: SimChain) {
    this.#ground = ground;
    this.#life = life;
    this.#chain = chain;
  }

  /** The chain says something of an action of the account's. */
  hear(report: ChainReport): void {
    this.#life.gate(() => {
      this.#out.push({ ...report, ...this.#life.stamp() });
    });
  }

  async submit(action: ChainAction): Promise<ChainOutcome> {
    const life = this.#life;
    const { dice } = this.#ground;
    if (!life.alive) return never();
    const known = this.#chain.known(action.actionId, life.bot);
    if (known !== undefined) {
      if (known.last !== undefined) this.#out.push({ ...known.last, ...life.stamp() });
      return { kind: "sent" };
    }
    if (dice.strikes("action_refused")) {
      this.#ground.fault("action_refused", action.actionId, life.number);
      return { kind: "refused", detail: "not enough POL to pay for it" };
    }
    this.#chain.submit(action, life);
    if (!dice.strikes("action_unknown")) return { kind: "sent" };
    this.#ground.fault("action_unknown", action.actionId, life.number);
    return { kind: "unknown", cause: new TortureError("no node answered") };
  }

  reports(signal: AbortSignal): AsyncIterable<ChainReport> {
    return this.#out.read(signal);
  }

  async fetchHoldings(markets: readonly MarketId[]): Promise<ChainHoldings> {
    await this.#asked("holdings");
    return this.#chain.holdings(markets, this.#life.number);
  }

  async fetchFinalAgeMs(): Promise<number> {
    await this.#asked("the last final block");
    return this.#chain.finalAgeMs;
  }

  /** A question to a node: it takes its time, or is lost. */
  async #asked(what: string): Promise<void> {
    const { time, dice, history } = this.#ground;
    const life = this.#life;
    await new Promise<void>((resolve) => {
      time.after(dice.stream("rpc").between(20, 400), () => {
        life.gate(resolve);
      });
    });
    const lost = dice.strikes("rpc_lost");
    history.add({ kind: "ask", life: life.number, what: "chain", answered: !lost });
    if (!lost) return;
    this.#ground.fault("rpc_lost", what, life.number);
    throw new TortureError("no node of the chain answers");
  }
}
