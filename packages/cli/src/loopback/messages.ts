import type { IncomingMessage } from "node:http";
import type { Refusal } from "./guard.ts";

/** What is said to a request. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Uint8Array | string;
}

const BODY_BYTES = 4_096;

/** What is said to a body of which {@link textOf} gives nothing. */
export const TOO_LONG: Refusal = { status: 413, error: `the body has more than ${BODY_BYTES} bytes` };

/** A body's text; `undefined` when it is too long: the rest of it is not waited for. */
export function textOf(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on("data", (part: Buffer) => {
      bytes += part.length;
      if (bytes <= BODY_BYTES) parts.push(part);
      else resolve(undefined);
    });
    request.on("end", () => {
      resolve(Buffer.concat(parts).toString("utf8"));
    });
    request.on("error", reject);
  });
}

/** An answer of data. */
export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, type: "application/json", bytes: `${JSON.stringify(body)}\n` };
}

/** The answer to what is refused. */
export function refused({ status, error }: Refusal): Answer {
  return jsonAnswer(status, { error });
}
