// A world for the reference bot to trade in live, on this machine: a simulated match, the sources that tell of it, a venue that lists it,
// and a chain. `npm run live:local`; docs/going-live.md says what to do with it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { formatUsdc, isMatchpointError } from "@matchpoint/sdk";
import type { StoryStep } from "@matchpoint/testing";
import { readOptions, USAGE, type Settings } from "./rehearsal/options.ts";
import { openRehearsal, type Rehearsal } from "./rehearsal/world.ts";

const ROOT = join(import.meta.dirname, "..");
const PUBLISHED = join(ROOT, "examples/reference-bot/live-local.yaml");
/** The first account of every local test chain, whose key everybody knows. */
const WALLET = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
/** From the end of the match until its markets pay. */
const PAY_AFTER_MS = 10_000;
const LOOK_MS = 1_000;

const { settings, usd } = told();

const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    end.abort();
  });

let world: Rehearsal | undefined;
try {
  world = await openRehearsal(settings);
  world.venue.command({ do: "fund", address: WALLET, usd });
  await world.venue.idle();
  introduce(world, configFile(world));
  await Promise.race([rehearse(world), stopped()]);
} catch (error) {
  const known = isMatchpointError(error);
  console.error(
    known && error.hint !== undefined
      ? `${error.message.split("\n")[0]}\n${error.hint}`
      : (error as Error).message,
  );
  process.exitCode = known ? 2 : 1;
} finally {
  await world?.close();
}

function told(): Settings {
  const read = readOptions(process.argv.slice(2));
  if (typeof read !== "string") return read;
  const asked = read === USAGE;
  (asked ? process.stdout : process.stderr).write(read);
  return process.exit(asked ? 0 : 2);
}

/** The published configuration when it is for this world, else a file that is. */
function configFile({ config }: Rehearsal): string {
  if (readFileSync(PUBLISHED, "utf8") === config) return relative(process.cwd(), PUBLISHED);
  const own = join("runs", "live-local.yaml");
  mkdirSync(dirname(own), { recursive: true });
  writeFileSync(own, config);
  return own;
}

function introduce({ match, venue, chain }: Rehearsal, config: string): void {
  const { teams, bestOf, title } = match.description;
  const approve = chain === undefined ? "" : `  npm run bot -- wallet approve --config ${config}\n`;
  console.log(`A world to trade in, on this machine only. Ctrl-C ends it.

  match    ${teams[0].name} vs ${teams[1].name} (${title}, best of ${bestOf}), ${settings.pace} times as fast as it would be
  venue    ${venue.clob}${chain === undefined ? "" : `, which settles on the chain at ${chain.rpc}`}
  wallet   ${WALLET} with $${usd}; everybody knows its key: never send it money

Now, in another terminal:

  export MATCHPOINT_PRIVATE_KEY=${KEY}
  export MATCHPOINT_GRID_API_KEY=any MATCHPOINT_PANDASCORE_TOKEN=any
${approve}  npm run bot -- run --live --config ${config}

The match waits until the bot listens to GRID.`);
}

async function rehearse(rehearsal: Rehearsal): Promise<void> {
  const { match } = rehearsal;
  await match.followed(end.signal);
  say(`the bot listens; the match begins in ${settings.leadMs / 1_000} s, and the books are cleared then`);
  const { pay } = await rehearsal.play(tell(match.description.teams.map(({ name }) => name)));
  say(`the outcome is proposed; the markets pay in ${PAY_AFTER_MS / 1_000} s`);
  await wait(PAY_AFTER_MS);
  pay();
  say("the markets have paid. End the bot with Ctrl-C when it has redeemed, and compare its cash with this:");
  let before = "";
  while (!end.signal.aborted) {
    const now = await money(rehearsal);
    if (now !== before) say(now);
    before = now;
    await wait(LOOK_MS);
  }
}

/** Says what happens in the match, but not every kill. */
function tell(names: readonly string[]): (step: StoryStep) => void {
  const maps: [number, number] = [0, 0];
  return (step) => {
    if (step.kind === "game_start") say(`game ${step.game} begins`);
    if (step.kind === "game_end" && step.winner !== undefined) {
      maps[step.winner] += 1;
      say(`game ${step.game} goes to ${names[step.winner]}: ${maps.join("-")}`);
    }
    if (step.kind === "series_end" && step.winner !== undefined) say(`${names[step.winner]} win the match`);
  };
}

async function money({ venue, chain }: Rehearsal): Promise<string> {
  const cash = venue.venue.exchange.view(WALLET.toLowerCase()).balances().collateral;
  const there =
    chain === undefined ? "" : `, and $${formatUsdc((await chain.balances(WALLET)).pusd)} on the chain`;
  return `the wallet has $${formatUsdc(cash)} at the venue${there}`;
}

function say(text: string): void {
  console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    end.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    end.signal.addEventListener("abort", () => {
      resolve();
    });
  });
}
