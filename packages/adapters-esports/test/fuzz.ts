/**
 * Sends many hostile frames to the decoders and prints what became of them; ends with 1 at the first frame that breaks a
 * promise. The tests send a short sample of the same.
 *
 * npm run fuzz -- [FRAMES] [SEED]
 */
import * as grid from "./grid/hostile.ts";
import * as liquipedia from "./liquipedia/hostile.ts";
import * as opendota from "./opendota/hostile.ts";
import { ordeal } from "./ordeal.ts";
import * as pandascore from "./pandascore/hostile.ts";
import * as riot from "./riot/hostile.ts";
import * as sports from "./sports/hostile.ts";
import * as steam from "./steam/hostile.ts";

const [count = 100_000, seed = 1] = process.argv.slice(2).map(Number);
const sources = { grid, riot, liquipedia, steam, opendota, sports, pandascore };

for (const [source, { decoders, frames }] of Object.entries(sources)) {
  for (const [name, make] of Object.entries(decoders)) {
    const { quarantined, claims } = ordeal(make, frames, count, seed);
    console.log(
      `${source} ${name}: ${count} frames, ${quarantined} quarantined, ${claims} claims, seed ${seed}`,
    );
  }
}
