// Plays a simulated season through the truth engine, per configuration, and tells what it held true that was not, what it
// revised, and how long results took. `npm run season -- --matches 2000 --seed 1`. Fails when a result was held final that
// was none, unless a wrong tier-A source stated it alone, or when something that was unsaid was not revised.
import { parseArgs } from "node:util";
import { simulateSeason, type Injected, type SeasonReport, type TimeToFinal } from "@matchpoint/testing";

const CONFIGURATIONS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["default", {}],
  ["required_sources_for_final: 3", { required_sources_for_final: 3 }],
  ["tier_a_sources: []", { tier_a_sources: [] }],
  ["max_wait_ms: 3000", { max_wait_ms: 3_000 }],
  ["confirm_threshold: 0.98", { confirm_threshold: 0.98 }],
  ["dispute_grace_ms: 30000", { dispute_grace_ms: 30_000 }],
  ["learn_reliability: use", { learn_reliability: "use" }],
];

const USAGE = "usage: npm run season -- [--matches N] [--seed N] [--from N] [--only CONFIGURATION] [--json]";
const { values } = told();

function told() {
  try {
    return parseArgs({
      options: {
        matches: { type: "string", default: "2000" },
        seed: { type: "string", default: "1" },
        from: { type: "string", default: "0" },
        only: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message.split(". ")[0]}\n${USAGE}`);
    process.exit(2);
  }
}

function whole(name: "matches" | "seed" | "from"): number {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= (name === "from" ? 0 : 1)) return value;
  console.error(`--${name} takes a whole number, not ${values[name]}`);
  process.exit(2);
}

const chosen = CONFIGURATIONS.filter(([name]) => values.only === undefined || name.startsWith(values.only));
if (chosen.length === 0) {
  console.error(`--only takes the beginning of one of: ${CONFIGURATIONS.map(([name]) => name).join("; ")}`);
  process.exit(2);
}

const KINDS = ["rollback", "remake", "correction"] as const;
const seconds = (ms: number): string => (Number.isNaN(ms) ? "-" : (ms / 1_000).toFixed(1));
const column = (list: readonly Injected[], keep: (each: Injected) => boolean): string =>
  String(list.filter(keep).length).padStart(8);
const times = (time: TimeToFinal): string =>
  `${String(time.n).padStart(6)}${seconds(time.medianMs).padStart(8)}${seconds(time.p90Ms).padStart(8)}`;

function failures(season: SeasonReport): string[] {
  const failed: string[] = [];
  for (const { matchId, game, at, sources } of season.falseFinals.filter(({ tierAAlone }) => !tierAAlone))
    failed.push(`false final: ${matchId} game ${game} at ${seconds(at)} s by ${sources.join(", ")}`);
  for (const { matchId, game, sources } of season.falseFinals.filter(({ revised }) => !revised))
    failed.push(`a false final stands: ${matchId} game ${game} by ${sources.join(", ")}`);
  const missed = season.injected.filter(({ shown, heard, revised }) => shown && heard && !revised);
  for (const { matchId, game, kind } of missed) failed.push(`${kind} not revised: ${matchId} game ${game}`);
  for (const matchId of season.wrongAtTheEnd) failed.push(`wrong at the end: ${matchId}`);
  return failed;
}

const matches = whole("matches");
const seed = whole("seed");
const seasons = chosen.map(([name, config]) => {
  const season = simulateSeason({ matches, seed, config, from: whole("from") });
  return { name, season, failed: failures(season) };
});
const first = seasons[0]!.season;
const failed = seasons.flatMap(({ name, failed: own }) => own.map((line) => `${name}: ${line}`));

if (values.json) {
  console.log(JSON.stringify(seasons, null, 2));
} else {
  console.log(
    `${first.matches} matches, seed ${seed}, ${first.claims} claims of ${first.sources.length} sources.\n`,
  );
  console.log(
    "                                 false final           false effective    games to final (s)    series to final (s)  never",
  );
  console.log(
    "configuration                  all  tier A revised      all revised        n  median     p90        n  median     p90  final",
  );
  for (const { name, season } of seasons) {
    const { falseFinals, falseEffective } = season;
    console.log(
      name.padEnd(30) +
        String(falseFinals.length).padStart(4) +
        String(falseFinals.filter(({ tierAAlone }) => tierAAlone).length).padStart(8) +
        String(falseFinals.filter(({ revised }) => revised).length).padStart(8) +
        String(falseEffective.length).padStart(9) +
        String(falseEffective.filter(({ revised }) => revised).length).padStart(8) +
        `   ${times(season.games)}   ${times(season.series)}` +
        String(season.neverFinal.length).padStart(7),
    );
  }
  console.log("\nUnsaid in the hall            injected   shown   heard revised");
  for (const kind of KINDS) {
    const own = first.injected.filter((each) => each.kind === kind);
    console.log(
      kind.padEnd(30) +
        column(own, () => true) +
        column(own, ({ shown }) => shown) +
        column(own, ({ shown, heard }) => shown && heard) +
        column(own, ({ revised }) => revised),
    );
  }
  const overtaken = first.overtaken.filter(({ status }) => status === "final").length;
  console.log(`\nHeld final when it had just been overturned in the hall: ${overtaken}`);
  console.log(
    `Final to the end although overturned, which no source of tier A or B told: ${first.overturnedUnheard.length}`,
  );
  console.log("\nNever final (default), by reason");
  const reasons = new Map<string, number>();
  for (const { reason } of first.neverFinal) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, n] of [...reasons].sort((a, b) => b[1] - a[1]))
    console.log(`${String(n).padStart(6)}  ${reason}`);
  if (reasons.size === 0) console.log("     -");
  console.log("\nSource               tier   claims  first   late     right/wrong  at least  violations");
  for (const {
    source,
    tier,
    claims,
    first: led,
    late,
    games,
    series,
    reliability,
    violations,
  } of first.sources) {
    const right = games.right + series.right;
    const tally = `${right}/${games.wrong + series.wrong}`;
    console.log(
      source.padEnd(22) +
        tier.padEnd(3) +
        String(claims).padStart(9) +
        String(led).padStart(7) +
        String(late).padStart(7) +
        tally.padStart(16) +
        reliability.games.atLeast.toFixed(3).padStart(10) +
        String(violations).padStart(12),
    );
  }
  console.log(
    failed.length === 0
      ? "\nNothing was held final that was none, but by tier A alone; all of it was revised."
      : "",
  );
}
for (const line of failed) console.error(line);
if (failed.length > 0) process.exitCode = 1;
