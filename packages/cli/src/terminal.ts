import { createLogUpdate } from "log-update";
import { EXIT, type Io } from "./io.ts";

/** Where a terminal does not say how wide it is. */
const TERMINAL_COLUMNS = 80;

/** The process's own terminal. */
export function terminal(): Io {
  const { stdout, stderr } = process;
  const update = createLogUpdate(stdout);
  const closed = new AbortController();
  let drawn = false;
  const end = (error: NodeJS.ErrnoException): void => {
    if (closed.signal.aborted) return;
    closed.abort();
    // A reader that has had enough (`| head`) is no failure; a full disk behind `> file` is one.
    if (error.code === "EPIPE") return;
    stderr.write(`error: standard output cannot be written: ${error.message}\n`);
    process.once("exit", () => {
      process.exitCode = EXIT.ERROR;
    });
  };
  stdout.on("error", end);
  stderr.on("error", () => undefined);
  const above = (): void => {
    if (drawn) update.clear();
    drawn = false;
  };
  return {
    out: (line) => {
      above();
      if (!closed.signal.aborted) stdout.write(`${line}\n`);
    },
    err: (line) => {
      above();
      stderr.write(`${line}\n`);
    },
    redraw: (block) => {
      if (block === undefined) update.done();
      else update(block);
      drawn = block !== undefined;
    },
    interactive: stdout.isTTY && process.env["TERM"] !== "dumb",
    get columns() {
      // A file or a pipe has room for everything.
      return stdout.isTTY ? stdout.columns || TERMINAL_COLUMNS : Infinity;
    },
    closed: closed.signal,
  };
}
