import { testFeed } from "./runCases.ts";
import { opendotaSubject } from "./subjects.ts";

testFeed("OpenDota (Dota 2)", opendotaSubject());
