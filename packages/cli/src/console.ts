import { createInterface } from "node:readline";
import { parseFact, type OperatorFeed } from "@matchpoint/adapters-esports";
import { isMatchpointError, type Clock, type CoreEvent, type MatchDescription, type OperatorCommand } from "@matchpoint/sdk";
import type { Io } from "./io.ts";

/** Words that an operator may type, beside facts. */
const COMMANDS: Readonly<Record<string, OperatorCommand>> = {
  halt: { kind: "halt" },
  resume: { kind: "resume" },
  kill: { kind: "kill" },
  "stop entries": { kind: "stop_entries" },
};

/**
 * An operator's lines on standard input as events: the commands above, or a fact such as `m1 game 2 won by "T1"`. A line that
 * is neither is answered and changes nothing. Ends with the input or the signal.
 */
export async function* operatorConsole(options: {
  readonly input: NodeJS.ReadableStream;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly matches: readonly MatchDescription[];
  readonly operator: OperatorFeed | undefined;
  readonly io: Io;
}): AsyncGenerator<CoreEvent> {
  const { input, clock, signal, matches, operator, io } = options;
  const lines = createInterface({ input, signal, terminal: false });
  for await (const raw of lines) {
    const line = raw.trim();
    if (line === "") continue;
    const command = Object.hasOwn(COMMANDS, line) ? COMMANDS[line] : undefined;
    if (command !== undefined) {
      yield { type: "operator", at: clock.monotonic(), receivedAt: clock.wall(), operator: "console", command };
      continue;
    }
    try {
      if (operator === undefined) io.err("not understood; the operator feed is off, so only halt, resume, kill and stop entries are");
      else operator.state(parseFact(line, matches));
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      io.err(error.message);
    }
  }
}
