import { createInterface, type Interface } from "node:readline";
import { Writable, type Readable } from "node:stream";
import { parseFact, type OperatorFeed } from "@matchpoint/adapters-esports";
import {
  isMatchpointError,
  type Clock,
  type CoreEvent,
  type MatchDescription,
  type OperatorCommand,
} from "@matchpoint/sdk";
import { listenForKillKey } from "./control/index.ts";
import type { Io } from "./io.ts";
import { plain } from "./report/format.ts";

/** Words that an operator may type, beside facts. */
const COMMANDS: Readonly<Record<string, OperatorCommand>> = {
  halt: { kind: "halt" },
  resume: { kind: "resume" },
  kill: { kind: "kill" },
  "stop entries": { kind: "stop_entries" },
};

/** `resume because …`: some stops are ended only by somebody who says why. */
const RESUME_BECAUSE = /^resume because\s+(\S.*)$/;

function commandOf(line: string): OperatorCommand | undefined {
  const reason = RESUME_BECAUSE.exec(line)?.[1];
  if (reason !== undefined) return { kind: "resume", reason };
  return Object.hasOwn(COMMANDS, line) ? COMMANDS[line] : undefined;
}

/** What an operator types on: standard input. */
export type TypedInput = Readable & { readonly isTTY?: boolean; unref?(): unknown };

/** What {@link OperatorConsole} listens with. */
export interface ConsoleOptions {
  readonly clock: Clock;
  readonly matches: readonly MatchDescription[];
  readonly operator: OperatorFeed | undefined;
  readonly input: TypedInput;
  readonly io: Io;
  /** Called on Ctrl-C, which a terminal that is read key by key does not turn into a signal. */
  readonly onInterrupt: () => void;
  /** Called on the kill key, on a terminal. */
  readonly onKill: () => void;
  /** What `adopt` books: only where there is a real venue. @throws `MatchpointError` */
  readonly adopt?: (line: string) => Promise<OperatorCommand>;
}

/** What the console hears next: a line, or the answer to an `adopt`. */
type Heard =
  | { readonly kind: "line"; readonly line: IteratorResult<string, unknown> }
  | {
      readonly kind: "adoption";
      readonly command: OperatorCommand | undefined;
      readonly asked: Promise<Heard>;
    }
  | { readonly kind: "broken"; readonly error: unknown };

function broken(error: unknown): Heard {
  return { kind: "broken", error };
}

/** An operator's lines on standard input: the commands above, or a fact such as `m1 game 2 won by "T1"`. */
export class OperatorConsole {
  readonly #options: ConsoleOptions;
  readonly #lines: Interface;
  readonly #typing: boolean;
  #unlisten = (): void => undefined;

  constructor(options: ConsoleOptions) {
    this.#options = options;
    // On a terminal the line being typed is drawn below the status table, so it must not echo by itself.
    this.#typing = options.io.interactive && options.input.isTTY === true;
    const nowhere = new Writable({
      write: (_chunk, _encoding, done) => {
        done();
      },
    });
    this.#lines = createInterface({ input: options.input, output: nowhere, terminal: this.#typing });
    this.#lines.on("SIGINT", options.onInterrupt);
    if (this.#typing) this.#unlisten = listenForKillKey(options.input, options.onKill);
    // What cannot be read has nothing to say; the run does not depend on it.
    options.input.on("error", () => undefined);
  }

  /** The line that is being typed; `undefined` where that cannot be seen. */
  get typed(): string | undefined {
    return this.#typing ? `> ${this.#lines.line}` : undefined;
  }

  close(): void {
    this.#unlisten();
    this.#lines.close();
    // A file (`< /dev/null`) has no such thing, and keeps no process alive.
    this.#options.input.unref?.();
  }

  /**
   * What is typed, as events. A line that says nothing known is answered and changes nothing. What is to be adopted is asked for while
   * further lines are read: a kill waits for no answer. Ends with the input.
   */
  async *events(): AsyncGenerator<CoreEvent> {
    const lines = this.#lines[Symbol.asyncIterator]();
    const read = (): Promise<Heard> => lines.next().then((line) => ({ kind: "line", line }), broken);
    const asked = new Set<Promise<Heard>>();
    let next: Promise<Heard> | undefined = read();
    while (next !== undefined || asked.size > 0) {
      const heard: Heard = await Promise.race([...(next === undefined ? [] : [next]), ...asked]);
      if (heard.kind === "broken") throw heard.error;
      if (heard.kind === "adoption") {
        asked.delete(heard.asked);
        if (heard.command !== undefined) yield this.#event(heard.command);
        continue;
      }
      next = heard.line.done === true ? undefined : read();
      const line = heard.line.done === true ? "" : heard.line.value.trim();
      const command = commandOf(line);
      if (command !== undefined) yield this.#event(command);
      else if (this.#adopts(line)) {
        const asking: Promise<Heard> = this.#adoption(line).then(
          (found) => ({ kind: "adoption", command: found, asked: asking }),
          broken,
        );
        asked.add(asking);
      } else if (line !== "") this.#state(line);
    }
  }

  #event(command: OperatorCommand): CoreEvent {
    const { clock } = this.#options;
    const stamp = { at: clock.monotonic(), receivedAt: clock.wall() };
    return { type: "operator", ...stamp, operator: "console", command };
  }

  #adopts(line: string): boolean {
    return this.#options.adopt !== undefined && /^adopt\b/.test(line);
  }

  /** What is to be adopted; what cannot be is answered. */
  async #adoption(line: string): Promise<OperatorCommand | undefined> {
    const { adopt, io } = this.#options;
    if (adopt === undefined) return undefined;
    try {
      return await adopt(line);
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      io.err(plain(error.message));
      return undefined;
    }
  }

  #state(line: string): void {
    const { adopt, io, operator, matches } = this.#options;
    const words = [
      ...Object.keys(COMMANDS),
      "resume because …",
      ...(adopt === undefined ? [] : ["adopt"]),
    ].join(", ");
    if (operator === undefined) {
      io.err(`not understood: there are ${words} (the operator feed, which takes facts, is off)`);
      return;
    }
    try {
      operator.state(parseFact(line, matches));
      // Whether it moves anything is told by the truth itself; that it was understood, here.
      io.err(`noted: ${plain(line)}`);
    } catch (error) {
      if (!isMatchpointError(error)) throw error;
      io.err(`${error.message}\n  Commands are ${words}.`);
    }
  }
}
