import { createLogUpdate } from "log-update";
import type { Io } from "./io.ts";

/** The process's own terminal. */
export function terminal(): Io {
  const update = createLogUpdate(process.stdout);
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    redraw: (block) => {
      if (block === undefined) update.done();
      else update(block);
    },
    interactive: process.stdout.isTTY === true && process.env["TERM"] !== "dumb",
    columns: process.stdout.columns ?? 100,
  };
}
