import { parseArgs } from "node:util";
import type { RehearsalOptions } from "./world.ts";

/** The world of examples/reference-bot/live-local.yaml. */
export const PUBLISHED = {
  seed: 57,
  title: "lol",
  bestOf: 3,
  pace: 40,
  makersLateMs: 3_000,
  // Crowds write off who is behind.
  makersOverreact: 2.5,
  leadMs: 10_000,
  port: 4680,
  chain: "anvil",
} as const satisfies RehearsalOptions;

export const USAGE = `npm run live:local -- [options]: a match, its sources, a venue and a chain on this machine, for a bot to trade in

  --seed N               another match (default ${PUBLISHED.seed})
  --title lol|cs2        (default ${PUBLISHED.title})
  --pace N               how many seconds of the match go by in one (default ${PUBLISHED.pace})
  --late MS              how much later than GRID the venue's makers hear of it (default ${PUBLISHED.makersLateMs})
  --usd N                what the wallet gets (default 500)
  --port P               the venue's; sources and chain take the three after it (default ${PUBLISHED.port})
  --chain anvil|memory   memory needs no anvil: nothing is merged or redeemed then (default ${PUBLISHED.chain})
  --help
`;

/** What is started. */
export interface Settings {
  readonly settings: RehearsalOptions & { readonly pace: number; readonly leadMs: number };
  /** What the wallet gets. */
  readonly usd: number;
}

/** Reads the command line; a text says what is wrong with it, or is the help that was asked for. */
export function readOptions(args: readonly string[]): Settings | string {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ seed: text, title: text, pace: text, late: text, usd: text, port: text, chain: text },
        help: { type: "boolean" },
      },
    });
    if (values.help === true) return USAGE;
    const number = (
      name: "seed" | "pace" | "late" | "usd" | "port",
      fallback: number,
      most: number,
    ): number => {
      const value = Number(values[name] ?? fallback);
      if (Number.isFinite(value) && value > 0 && value <= most) return value;
      throw new RangeError(`--${name} ${values[name]}: a number above 0, at most ${most}`);
    };
    const settings = {
      ...PUBLISHED,
      title: oneOf("title", values.title ?? PUBLISHED.title, ["lol", "cs2"]),
      chain: oneOf("chain", values.chain ?? PUBLISHED.chain, ["anvil", "memory"]),
      seed: Math.trunc(number("seed", PUBLISHED.seed, 1e9)),
      pace: number("pace", PUBLISHED.pace, 1_000),
      makersLateMs: number("late", PUBLISHED.makersLateMs, 600_000),
      port: Math.trunc(number("port", PUBLISHED.port, 65_532)),
    };
    return { settings, usd: number("usd", 500, 1e6) };
  } catch (error) {
    return `${(error as Error).message.split(". ")[0]}\n\n${USAGE}`;
  }
}

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found === undefined) throw new RangeError(`--${name} ${value}: ${known.join(" or ")}`);
  return found;
}
