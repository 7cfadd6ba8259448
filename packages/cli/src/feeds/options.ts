import { z } from "zod";

/** An address of one of these schemes that a client can connect to. */
const address = (begins: RegExp, example: string): z.ZodString =>
  z
    .string()
    .regex(begins, { abort: true, error: `must be an address like ${example}` })
    .refine(isWhole, {
      error: `is not a whole address: write it like ${example}, with a port up to 65535 and without blanks or #`,
    });
const isWhole = (text: string): boolean => URL.canParse(text) && !/[\s#]/.test(text);

export const socket = address(/^wss?:\/\//, "wss://host:port/path");
export const http = address(/^https?:\/\//, "https://host:port/path");
export const ms = z.int().min(100).max(86_400_000);
export const enabled = z.boolean().default(true);

export const socketUrl = socket.optional().describe("The socket's address; default the source's own.");
export const httpUrl = http
  .optional()
  .describe("The address of its HTTP interface; default the source's own.");
export const staleMs = ms.optional().describe("Silence after which what the source says counts no more.");
export const pollMs = ms.optional().describe("How often it is asked; default the source's own pace.");

/** An object's stated fields only. */
export function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
