import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { MatchpointError, type BotConfig } from "@matchpoint/sdk";
import { fileJsonSchema } from "../configFile.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { ownCommand, quoted } from "../report/ownCommand.ts";
import type { Host } from "./shared.ts";

/** Options of `init`. */
export interface InitFlags {
  readonly games?: string;
  readonly json?: boolean;
}

const DEFAULT_FILE = "bot.yaml";
/** What editors check the configuration by; beside it, so that it is the one of this version. */
const SCHEMA_FILE = "matchpoint.schema.json";
type Game = NonNullable<BotConfig["discover"]>["games"][number];
const GAMES: readonly Game[] = ["lol", "cs2", "dota2", "valorant"];

/**
 * `matchpoint init [FILE]`: writes a configuration that trades on paper what it finds, with a word on each key, and its JSON Schema for
 * editors. Asks which games on a terminal, and nothing elsewhere. Takes no file's place.
 */
export async function initCommand(
  file: string | undefined,
  flags: InitFlags,
  host: Host,
  io: Io,
): Promise<ExitCode> {
  const path = file ?? DEFAULT_FILE;
  const schema = join(dirname(path), SCHEMA_FILE);
  const games = flags.games === undefined ? undefined : gamesOf(flags.games);
  for (const each of [path, schema])
    if (existsSync(each) && !(each === schema && isSchema(each))) taken(each);
  const chosen = games ?? (await askedGames(flags, io));
  const command = ownCommand(host.name ?? "matchpoint");
  const written = [path, schema];
  create(path, template(chosen, path, command), "wx");
  create(schema, `${JSON.stringify(fileJsonSchema(), null, 2)}\n`, "w");
  if (flags.json === true) {
    io.out(JSON.stringify({ config: path, schema, games: chosen }));
    return EXIT.OK;
  }
  io.out(`Written: ${written.join(", ")}`);
  io.out(`Next: ${command} config check ${quoted(path)}`);
  io.out(`      ${command} markets --config ${quoted(path)}   what it would trade now`);
  io.out(`      ${command} run --config ${quoted(path)}       on paper, until Ctrl-C`);
  return EXIT.OK;
}

function taken(path: string): never {
  throw new MatchpointError("USAGE", `${path} is there already, and init takes no file's place`, {
    hint: "Name another file: init FILE.",
  });
}

/** Whether a file is the schema that an earlier `init` has written: that one is made anew. */
function isSchema(path: string): boolean {
  try {
    const { properties } = JSON.parse(readFileSync(path, "utf8")) as { readonly properties?: object };
    return properties !== undefined && "strategies" in properties && "feeds" in properties;
  } catch {
    return false;
  }
}

function create(path: string, text: string, flag: "wx" | "w"): void {
  try {
    writeFileSync(path, text, { flag });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") taken(path);
    throw unwritten(path, cause);
  }
}

function unwritten(path: string, cause: unknown): MatchpointError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MatchpointError("USAGE", `${path} cannot be written: ${why}`, {
    hint: "Name a file in a folder that is there and that you may write to.",
    cause,
  });
}

function gamesOf(text: string): readonly Game[] {
  const games = text
    .split(/[\s,]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== "");
  const unknown = games.find((game) => !GAMES.some((known) => known === game));
  if (unknown === undefined && games.length > 0) return GAMES.filter((known) => games.includes(known));
  throw new MatchpointError("USAGE", `no game is called ${unknown ?? `"${text}"`}`, {
    hint: `There are: ${GAMES.join(", ")}.`,
  });
}

/** The games that a person wants; all of them where nobody is there to say, or says nothing. */
async function askedGames(flags: InitFlags, io: Io): Promise<readonly Game[]> {
  if (flags.json === true || !io.interactive || !process.stdin.isTTY) return GAMES;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await lines
      .question(`Which games? ${GAMES.join(", ")} (Enter: all) `)
      .catch((cause: unknown) => {
        // Ctrl-C or Ctrl-D.
        throw new MatchpointError("USAGE", "no game was named, and nothing was written", {
          hint: "Answer with one or more of them, or with Enter, or name them: init --games lol,cs2.",
          cause,
        });
      });
    return answer.trim() === "" ? GAMES : gamesOf(answer);
  } finally {
    lines.close();
  }
}

function template(games: readonly Game[], path: string, command: string): string {
  const file = quoted(basename(path));
  return `# yaml-language-server: $schema=./${SCHEMA_FILE}
# A bot that trades esports markets on paper. What is left out has a safe default; an unknown key is an error.
#
#   ${command} config check ${file}       says everything that is wrong, with line and column
#   ${command} config show ${file}        prints it with every default
#   ${command} markets --config ${file}   says which markets it would trade now, and why not the others
#   ${command} run --config ${file}       runs it until Ctrl-C

mode: paper # \`live\` trades real money, and only with --live on the command line as well
seed: 1 # of everything that paper mode draws at random

# Which markets: found by the run itself, and looked for again every minute.
discover:
  games: [${games.join(", ")}]
  kinds: [match, map] # winner of the match, winner of one game of it
  within_hours: 12 # how far ahead a match may begin
  max_markets: 20
  # tournaments: [Major, LCK] # one of these words in the tournament's name

# A market belongs to one strategy: the first that takes it.
strategies:
  - use: pair-arb # buys both outcomes where together they cost less than they pay
    markets: { subjects: [series] }
  - use: model-maker # quotes both outcomes around a reference price
    params:
      reference: microprice # of the book itself: needs no source of match facts
      size_shares: 20
    markets: { subjects: [game] }

# Limits that every order passes before it is made. Dollars.
risk:
  max_order_usdc: 25
  max_market_usdc: 75
  max_match_usdc: 150 # a series and its games are one bet
  max_account_usdc: 300
  max_daily_loss_usdc: 50

paper:
  collateral_usdc: 1000 # what the account begins with
  fill_model: queue # \`touch\` fills resting orders sooner, \`worst_queue\` later

journal:
  dir: runs # one file per run: verify, replay, query and why take it

# Where events come from. Keys are never written here: they come from the environment, or from where \`secrets\` says.
feeds:
  polymarket: {} # books and trades
  polymarket_sports: {} # scores as Polymarket shows them; no key
  operator: { tier: B } # facts that you state yourself
  # grid: {} # official data; needs MATCHPOINT_GRID_API_KEY
  # pandascore: {} # needs MATCHPOINT_PANDASCORE_TOKEN
`;
}
