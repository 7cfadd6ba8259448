import { closeSync, existsSync, openSync, readSync } from "node:fs";
import {
  coreOfRun,
  DEFAULT_STRATEGIES,
  journaledRun,
  JournalReader,
  type Core,
  type Intent,
  type JournalEntry,
  type StrategyClass,
  type TruthContext,
} from "@matchpoint/sdk";
import { nodeCrc32, nodeSha256 } from "@matchpoint/sdk/node";
import { FadeTheStomp } from "../../examples/reference-bot/src/fadeTheStomp.ts";

/** What the bot's own strategy said to each piece of news: its orders and its reasons. */
export interface Heard {
  readonly bought: number;
  readonly reasons: readonly string[];
}

/** A run's journal, read while it is written: a core of its own takes every event and stands where the bot's stands. */
export class JournalBooks {
  readonly #path: string;
  readonly #reader: JournalReader;
  readonly #buffer = Buffer.alloc(1 << 20);
  #offset = 0;
  #core: Core | undefined;
  /** What was asked for, and by which kind of event it was set off. */
  readonly placed: { readonly intent: Intent; readonly cause: string }[] = [];
  readonly heard: Heard[] = [];
  readonly entries: JournalEntry[] = [];

  constructor(path: string) {
    this.#path = path;
    this.#reader = new JournalReader({ file: path, crc32: nodeCrc32, sha256: nodeSha256 });
  }

  get core(): Core {
    return this.#core!;
  }

  /** Takes what was written since. */
  read(): this {
    if (!existsSync(this.#path)) return this;
    const file = openSync(this.#path, "r");
    try {
      for (;;) {
        const count = readSync(file, this.#buffer, 0, this.#buffer.length, this.#offset);
        if (count === 0) return this;
        this.#offset += count;
        this.#reader.push(Buffer.from(this.#buffer.subarray(0, count)), (entry) => this.#take(entry));
      }
    } finally {
      closeSync(file);
    }
  }

  #take(entry: JournalEntry): void {
    const known: Readonly<Record<string, StrategyClass>> = {
      ...DEFAULT_STRATEGIES,
      [FadeTheStomp.id]: overheard(this.heard),
    };
    this.#core ??= coreOfRun(journaledRun(entry.event, (use) => known[use]));
    this.entries.push(entry);
    for (const effect of this.#core.step(entry.event))
      if (effect.type === "place") this.placed.push({ intent: effect.intent, cause: entry.event.type });
  }
}

/** The bot's own strategy, with what it says written down. */
function overheard(heard: Heard[]): typeof FadeTheStomp {
  return class extends FadeTheStomp {
    override onTruth(ctx: TruthContext): void {
      const said = { bought: 0, reasons: [] as string[] };
      heard.push(said);
      super.onTruth(
        new Proxy(ctx, {
          get(target, name) {
            if (name === "buy") said.bought += 1;
            if (name === "skip")
              return (reason: string, data?: Readonly<Record<string, unknown>>) => {
                said.reasons.push(reason);
                target.skip(reason, data);
              };
            const value: unknown = Reflect.get(target, name);
            return typeof value === "function" ? (value as () => unknown).bind(target) : value;
          },
        }),
      );
    }
  };
}
