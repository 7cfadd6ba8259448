import { testFeed } from "./runCases.ts";
import { gridSubject, liquipediaSubject, pandascoreSubject, sportsSubject } from "./subjects.ts";

testFeed("GRID (CS2)", gridSubject("cs2", ["score", "kills", "firstSide"]));
testFeed("PandaScore (CS2)", pandascoreSubject("cs2", ["score", "firstSide"]));
testFeed("sports channel (CS2)", sportsSubject("cs2", ["score"]));
testFeed("Liquipedia (CS2)", liquipediaSubject("cs2"));
