// How the bot is after an hour: `matchpoint run` on paper, with its dashboard, metrics and log, on a local venue whose matches begin anew
// when they end.
//   npm run soak                                     an hour, 20 markets
//   npm run soak -- --minutes 5 --markets 8 --json   for a look: too short to judge memory by
//   npm run soak -- --program built                  the same of what `npm run build` made
// docs/reliability.md says what is judged, and how. Ends with 1 when any of it is not so, and keeps the run's folder then.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { findRuns } from "../packages/cli/src/control/announcement.ts";
import { SoakedBot, type Program } from "./soak/bot.ts";
import { configOf } from "./soak/config.ts";
import { judge, type Look } from "./soak/judge.ts";
import { OpenPage } from "./soak/page.ts";
import { table } from "./soak/table.ts";
import { MARKETS_PER_MATCH, SoakWorld } from "./soak/world.ts";

const USAGE = `npm run soak -- [options]: the bot on paper against a local venue, for a long time

  --minutes N                how long (default 60, at most 600; memory is judged after 12)
  --markets N                markets that are alive all the time, a multiple of ${MARKETS_PER_MATCH} (default 20)
  --seed N                   other matches (default 1)
  --program sources|built    what is run (default sources)
  --keep                     keeps the run's folder in any case
  --json                     one line of JSON at the end
`;
const LOOK_MS = 5_000;
/** Between collections of garbage: sixty in a long soak, and never so often that nothing else is measured. */
const COLLECT_MS = { least: 15_000, most: 60_000 };

const given = told();
const ended = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    ended.abort();
  });
const folder = mkdtempSync(join(tmpdir(), "matchpoint-soak-"));
const world = await SoakWorld.open(given);
const file = join(folder, "bot.yaml");
writeFileSync(file, `${JSON.stringify(configOf(world.venue, given.markets, folder), null, 2)}\n`);
world.begin();

const looks: Look[] = [];
let early: string | undefined;
const bot = new SoakedBot(given.program, file, folder);
let page: OpenPage | undefined;
try {
  page = new OpenPage(await bot.started());
  world.play();
  await soak();
  if (page.lost) early ??= "the dashboard hung up on its page";
  page.close();
  const { code, signal } = await bot.stop();
  if (code !== 0) early ??= `it ended with ${code ?? signal}`;
} catch (error) {
  early = ended.signal.aborted ? "interrupted" : (error as Error).message;
  bot.kill();
}
page?.close();
const frames = page?.frames ?? 0;
await world.close();

const checks = judge({
  looks,
  markets: given.markets,
  uncaught: bot.uncaught,
  ...(early === undefined ? {} : { early }),
});
const passed = checks.every(({ ok }) => ok);
if (passed && !given.keep) rmSync(folder, { recursive: true, force: true });
const { begun, over } = world.matches;
if (given.json) {
  const { minutes, markets, seed, program } = given;
  const kept = passed && !given.keep ? null : folder;
  const warnings = bot.warnings;
  console.log(
    JSON.stringify({
      ...{ passed, minutes, markets, seed, program, matches: { begun, over }, frames },
      ...{ checks, warnings, folder: kept, looks },
    }),
  );
} else {
  console.log(`\n${table(looks, checks)}`);
  console.log(`\n${begun} matches were begun, ${over} are over; the open page was sent ${frames} frames.`);
  if (bot.warnings.length > 0) console.log(`Warnings of the bot, the last:\n  ${bot.warnings.join("\n  ")}`);
  console.log(passed ? "PASSED" : `FAILED; the run is kept in ${folder}`);
}
process.exitCode = passed ? 0 : 1;

/** Looks at the bot until its time is over. */
async function soak(): Promise<void> {
  const until = given.minutes * 60_000;
  const collectMs = Math.min(COLLECT_MS.most, Math.max(COLLECT_MS.least, until / 60));
  const [run] = findRuns(folder);
  if (run === undefined) throw new Error("the bot has not announced itself");
  const metrics = `${run.announcement.url}/metrics`;
  const began = performance.now();
  const now = (): number => performance.now() - began;
  let collected = 0;
  for (let n = 1; n * LOOK_MS <= until; n += 1) {
    await pause(Math.max(0, n * LOOK_MS - now()), undefined, { signal: ended.signal });
    world.check();
    const collect = now() - collected >= collectMs;
    if (collect) collected = now();
    const look = await bot.look(now() / 1_000, metrics, collect);
    looks.push(look);
    tell(look);
  }
}

function tell({ seconds, rss, heap, delay, markets, orders }: Look): void {
  if (heap === undefined) return;
  const mb = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
  console.error(
    `${(seconds / 60).toFixed(1)} min: heap ${mb(heap)} MB, resident ${mb(rss)} MB, loop p99 ${delay!.p99.toFixed(1)} ms, ${markets} markets, ${orders} orders`,
  );
}

function told(): {
  readonly minutes: number;
  readonly markets: number;
  readonly seed: number;
  readonly program: Program;
  readonly keep: boolean;
  readonly json: boolean;
} {
  const refuse = (why: string): never => {
    console.error(`${why}\n\n${USAGE}`);
    process.exit(2);
  };
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      options: {
        ...{ minutes: text, markets: text, seed: text, program: text },
        ...{ keep: flag, json: flag, help: flag },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const number = (name: "minutes" | "markets" | "seed", fallback: number, most: number): number => {
      const value = Number(values[name] ?? fallback);
      return value > 0 && value <= most
        ? value
        : refuse(`--${name} ${values[name]}: above 0, at most ${most}`);
    };
    const markets = number("markets", 20, 200);
    if (markets % MARKETS_PER_MATCH !== 0) refuse(`--markets ${markets}: a multiple of ${MARKETS_PER_MATCH}`);
    const program = values.program ?? "sources";
    if (program !== "sources" && program !== "built") return refuse(`--program ${program}: sources or built`);
    const seed = number("seed", 1, 1e6);
    if (!Number.isInteger(seed)) refuse(`--seed ${seed}: a whole number`);
    return {
      minutes: number("minutes", 60, 600),
      ...{ markets, seed, program, keep: values.keep, json: values.json },
    };
  } catch (error) {
    return refuse((error as Error).message.split(". ")[0]!);
  }
}
