// A thread that stays has the last mistake still switched on: nothing is mistaken while a file of tests is loaded.
import { inject } from "vitest";

const tester = (globalThis as Record<string, unknown>)[inject("globalNamespace" as never)];
if (inject("mode" as never) === "mutant" && typeof tester === "object" && tester !== null)
  (tester as { activeMutant?: string | undefined }).activeMutant = undefined;
