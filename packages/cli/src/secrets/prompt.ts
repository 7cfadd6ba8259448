import { StringDecoder } from "node:string_decoder";
import { MatchpointError, Secret } from "@matchpoint/sdk";
import type { Io } from "../io.ts";

/** A terminal that a person types in. */
export interface Terminal {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: "data", listener: (chunk: Buffer | string) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  off(event: "data", listener: (chunk: Buffer | string) => void): unknown;
  off(event: "end", listener: () => void): unknown;
  pause(): unknown;
  resume(): unknown;
  unshift(chunk: Buffer): unknown;
}

const ENTER = /[\r\n]/;
const INTERRUPT = "\u0003";
const END = "\u0004";
const ERASE = new Set(["\u007f", "\b"]);
const CLEAR = "\u0015";

/**
 * Asks a person for a secret; what is typed is not shown.
 * @throws MatchpointError `SECRET_MISSING` where there is no terminal, `ABORTED` on Ctrl-C or the end of the input
 */
export async function promptSecret(
  what: string,
  io: Pick<Io, "err">,
  input: Terminal = process.stdin,
): Promise<Secret> {
  if (input.isTTY !== true || input.setRawMode === undefined)
    throw new MatchpointError("SECRET_MISSING", `nobody is there to type ${what}`, {
      hint: "Start it in a terminal, or name a file of mode 0600 or another provider under secrets.",
    });
  io.err(`Type ${what}, then Enter. It is not shown.`);
  input.setRawMode(true);
  input.resume();
  try {
    return new Secret(await typed(input, what));
  } finally {
    input.setRawMode(false);
    // The operator's console takes it up again.
    input.pause();
  }
}

function typed(input: Terminal, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const decoder = new StringDecoder("utf8");
    let text = "";
    const over = (error?: MatchpointError): void => {
      input.off("data", take);
      input.off("end", ended);
      if (error === undefined) resolve(text);
      else reject(error);
    };
    const ended = (): void => {
      over(new MatchpointError("ABORTED", `${what} was not typed`));
    };
    const take = (chunk: Buffer | string): void => {
      const characters = Array.from(typeof chunk === "string" ? chunk : decoder.write(chunk));
      for (const [i, character] of characters.entries()) {
        if (ENTER.test(character)) {
          const rest = characters.slice(i + 1).join("");
          over();
          // What flows on would be lost: nobody listens.
          input.pause();
          if (rest !== "") input.unshift(Buffer.from(rest));
          return;
        }
        if (character === INTERRUPT || character === END) {
          ended();
          return;
        }
        if (ERASE.has(character)) text = Array.from(text).slice(0, -1).join("");
        else if (character === CLEAR) text = "";
        else if (character >= " ") text += character;
      }
    };
    input.on("data", take);
    input.on("end", ended);
  });
}
