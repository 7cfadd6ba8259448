import type { World } from "../world/world.ts";
import type { Running, Supervisor } from "./supervisor.ts";

/** The person who looks after the bot: reads its alarms, clears up what others left, and lets go on what waits for a person. */
export class Person {
  readonly #world: World;
  readonly #keeper: Supervisor;

  constructor(world: World, keeper: Supervisor) {
    this.#world = world;
    this.#keeper = keeper;
    this.#attend();
  }

  /** A person looks every now and then, and lets go on what waits for a person. */
  #attend(): void {
    const { ground } = this.#world;
    const attentive = ground.dice.stream("program").chance(0.6);
    const look = (): void => {
      ground.time.after(4_000, look);
      if (!attentive && ground.dice.on) return;
      this.#clearUp();
      const bot = this.#keeper.bot;
      if (bot === undefined || !bot.program.recovered || bot.program.over) return;
      this.#adopt(bot);
      const { core } = bot.program.runtime;
      if (core.system.latched) {
        // What the bot has stopped by itself a person lets go on who says why.
        if (core.risk.killed?.by !== "operator")
          this.#keeper.operate({ kind: "resume", reason: "looked at it" });
        return;
      }
      const { breaker_resume: breaker } = this.#world.config.risk;
      if (core.system.status === "REDUCE_ONLY") this.#keeper.operate({ kind: "resume" });
      for (const { strategyId } of core.risk.strategies)
        this.#keeper.operate({ kind: "resume", strategyId, reason: "looked at it" });
      for (const { market, trading } of core.markets()) {
        const waits = [...trading.causes].some(
          (cause) =>
            cause === "foreign_order" ||
            cause === "reconcile" ||
            (cause === "terms_changed" && market.disputed !== true) ||
            (cause === "breaker" && breaker === "operator"),
        );
        if (waits) this.#keeper.operate({ kind: "resume", marketId: market.marketId });
      }
    };
    look();
  }

  /** What somebody's alarm says: of orders that nobody here has made a person hears by it. */
  alarmed(code: string, message: string): void {
    if (code === "FOREIGN_ORDER") this.#told.push(message);
  }

  readonly #told: string[] = [];
  /**
   * Takes back by hand, on the venue's own page, what a second bot has left there that is gone: once the bot has told of it, or cannot start
   * for it. For the bot it is somebody else's, and nobody else is there any more.
   */
  #clearUp(): void {
    for (const orderId of this.#keeper.abandoned()) {
      const known = this.#told.some((message) => message.includes(orderId));
      if (known || this.#keeper.refusal?.code === "ACCOUNT_UNEXPLAINED") this.#world.venue.cancel(orderId);
    }
  }

  /** Books what came of others: a second bot's trades, and dollars that were taken. */
  #adopt({ program }: Running): void {
    const { venue, history } = this.#world;
    const { core } = program.runtime;
    const unknown = venue
      .trades()
      .trades.filter(
        ({ orderId, tradeId, status }) =>
          (status === "CONFIRMED" || status === "FAILED") &&
          core.orders.ownership(orderId) === "foreign" &&
          core.orders.tradeStatus(orderId, tradeId) === undefined,
      );
    const standing = unknown.filter(({ status }) => status === "CONFIRMED");
    const moved = history.transfers - this.#adopted;
    if (standing.length === 0 && moved === 0) return;
    this.#adopted += moved;
    this.#keeper.operate({
      kind: "adopt",
      trades: standing,
      ...(moved === 0 ? {} : { collateral: moved as never }),
    });
  }

  #adopted = 0;
}
