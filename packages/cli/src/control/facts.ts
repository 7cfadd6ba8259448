import { parseFact } from "@matchpoint/adapters-esports";
import type { CoreEvent, Effect, OperatorCommand, Runtime } from "@matchpoint/sdk";

/** What became of a fact that an operator has stated. */
export interface FactTaken {
  readonly run: string;
  readonly fact: string;
  /** Whether it stands in the run's journal; else the run has not come to it in time. */
  readonly taken: boolean;
  /** What it moved of what is held true. */
  readonly moved: readonly {
    readonly subject: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
  }[];
}

/** A run that does not come to a fact in this time stands still. */
const TAKEN_MS = 3_000;

/**
 * States a fact to a run, as an event of its journal, and waits until the run has taken it.
 * @param push gives the run a command
 * @throws MatchpointError `USAGE` for what is no fact, `MATCH_UNKNOWN`
 */
export async function stateFact(
  runtime: Runtime,
  line: string,
  push: (command: OperatorCommand) => void,
): Promise<FactTaken> {
  const { truth } = runtime.core;
  const matches = truth.matches().flatMap((matchId) => truth.state(matchId)?.match ?? []);
  const command: OperatorCommand = { kind: "fact", ...parseFact(line, matches) };
  const said = { run: runtime.runId, fact: line };
  return new Promise((resolve) => {
    const heed = (event: CoreEvent, effects: readonly Effect[]): void => {
      if (event.type === "operator" && event.command === command)
        end({ taken: true, moved: movesOf(effects) });
    };
    const late = setTimeout(() => {
      end({ taken: false, moved: [] });
    }, TAKEN_MS);
    const end = (answer: Pick<FactTaken, "taken" | "moved">): void => {
      clearTimeout(late);
      runtime.off("step", heed);
      resolve({ ...said, ...answer });
    };
    runtime.on("step", heed);
    push(command);
  });
}

function movesOf(effects: readonly Effect[]): FactTaken["moved"] {
  return effects.flatMap((effect) => {
    if (effect.type !== "transition" || effect.machine !== "truth") return [];
    const { subject, from, to, reason } = effect;
    return [{ subject, from, to, reason }];
  });
}
