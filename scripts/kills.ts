// Real processes, really killed: the bot trades live on a local venue and gets SIGKILL at random moments, again and again; after every
// few kills the last run's ledger must be the venue's to the micro-dollar, and no order lost or handed in twice.
//   npm run kills                 40 kills
//   npm run kills -- 2000 4 7     2,000 kills, 4 worlds at once, seed 7
//   npm run kills -- 2000 4 7 built     the same of what `npm run build` made
import { MortalWorld, type Program } from "./kills/mortal.ts";

const KILLS_PER_WORLD = 20;
const [kills = 40, atOnce = 2, seed = 1] = process.argv.slice(2, 5).map(Number);
const program = programOf(process.argv[5]);
const began = performance.now();
const total = {
  kills: 0,
  orders: 0,
  fills: 0,
  starting: 0,
  recovering: 0,
  trading: 0,
  ending: 0,
  refused: 0,
  doubtful: 0,
};
let worlds = 0;
let wrong = 0;

await Promise.all(Array.from({ length: atOnce }, work));
const minutes = (performance.now() - began) / 60_000;
const { starting, recovering, trading, ending, refused, doubtful } = total;
const again =
  refused + doubtful === 0
    ? ""
    : `, ${refused} starts refused by a check and ${doubtful} last runs in doubt, each started again`;
console.log(
  `${total.kills} kills in ${minutes.toFixed(1)} min (${starting} while starting, ${recovering} recovering, ${trading} trading, ${ending} ending${again}): ` +
    `${total.orders} orders, ${total.fills} fills, ${wrong === 0 ? "none lost or doubled, every ledger equals the venue's" : `${wrong} WRONG`}`,
);
process.exitCode = wrong === 0 ? 0 : 1;

/** One world after the other, until all kills are given out. */
async function work(): Promise<void> {
  while (worlds * KILLS_PER_WORLD < kills) {
    const number = seed * 1_000 + worlds++;
    const draw = generator(number);
    const world = await MortalWorld.open(number, program);
    let found: readonly string[] = [];
    try {
      for (let kill = 0; kill < KILLS_PER_WORLD; kill++) await world.kill(draw);
      const judged = await world.end();
      found = judged.wrong;
      total.orders += judged.orders;
      total.fills += judged.fills;
    } catch (error) {
      found = [(error as Error).message];
    }
    total.kills += KILLS_PER_WORLD;
    for (const [moment, count] of Object.entries(world.met)) total[moment as keyof typeof world.met] += count;
    total.refused += world.again.refused;
    total.doubtful += world.again.doubtful;
    wrong += found.length;
    const folder = await world.close(found.length > 0);
    if (found.length > 0) console.error(`world ${number}, kept in ${folder}:\n  ${found.join("\n  ")}`);
    else console.error(`${total.kills} of ${kills} kills`);
  }
}

function programOf(word: string | undefined): Program {
  if (word === undefined || word === "built") return word ?? "sources";
  throw new Error(`${word} is no program: leave it out, or say built`);
}

/** Numbers from 0 to 1, the same for the same seed. */
function generator(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
