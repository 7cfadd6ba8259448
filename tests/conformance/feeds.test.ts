import { testFeed } from "./runCases.ts";
import { gridSubject, pandascoreSubject } from "./subjects.ts";

testFeed("GRID (CS2)", gridSubject("cs2", ["score", "kills", "firstSide"]));
testFeed("PandaScore (CS2)", pandascoreSubject("cs2", ["score", "firstSide"]));
