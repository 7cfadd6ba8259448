import { testFeed } from "./runCases.ts";
import {
  gridSubject,
  liquipediaSubject,
  pandascoreSubject,
  riotSubject,
  sportsSubject,
  steamSubject,
} from "./subjects.ts";

testFeed("GRID (CS2)", gridSubject("cs2", ["score", "kills", "alive", "firstSide"]));
testFeed("PandaScore (CS2)", pandascoreSubject("cs2", ["score", "planted", "firstSide"]));
testFeed("Riot (LoL)", riotSubject());
testFeed("Steam (Dota 2)", steamSubject());
testFeed("sports channel (CS2)", sportsSubject("cs2", ["score"]));
testFeed("Liquipedia (CS2)", liquipediaSubject("cs2"));
