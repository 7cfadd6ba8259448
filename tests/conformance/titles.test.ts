import { testFeed } from "./runCases.ts";
import { gridSubject, pandascoreSubject } from "./subjects.ts";

// What differs between titles is the shape of what is said, not the connection: the cases about that are played for CS2.
const SAYING = /^(ordering: a series|identity|dedup|terminal|retraction|history)/;
const LOL = ["score", "kills", "gold", "towers", "dragons", "barons", "inhibitors", "firstSide"] as const;

const ROUNDS = ["score", "kills", "alive", "equipment", "planted", "firstSide"] as const;

testFeed("GRID (CS2 in its rounds)", gridSubject("cs2", ROUNDS), SAYING);
testFeed("GRID (LoL)", gridSubject("lol", LOL), SAYING);
testFeed("GRID (Dota 2)", gridSubject("dota2", ["score", "kills", "gold", "towers", "firstSide"]), SAYING);
testFeed("GRID (Valorant)", gridSubject("valorant", ROUNDS), SAYING);
testFeed("PandaScore (LoL)", pandascoreSubject("lol", LOL), SAYING);
testFeed("PandaScore (Dota 2)", pandascoreSubject("dota2", ["score", "kills", "firstSide"]), SAYING);
testFeed("PandaScore (Valorant)", pandascoreSubject("valorant", ["round"]), SAYING);
