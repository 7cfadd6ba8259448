import type { CoreEvent } from "../../src/events/index.ts";
import { id, type RunId } from "../../src/ids.ts";
import {
  JournalWriter,
  MemoryStorage,
  readJournal,
  type JournalEnd,
  type JournalEntry,
  type JournalWriterOptions,
} from "../../src/journal/index.ts";

export const RUN = id<RunId>("run-1");

/** A journal of these events, as bytes. */
export function journalOf(
  events: readonly CoreEvent[],
  options: Partial<JournalWriterOptions> = {},
  hashOf: (index: number) => string | undefined = () => undefined,
): Uint8Array {
  const storage = new MemoryStorage();
  const writer = new JournalWriter({
    storage,
    runId: RUN,
    bootId: "boot-1",
    bufferBytes: 65_536,
    ...options,
  });
  events.forEach((event, i) => {
    writer.append(event, hashOf(i));
  });
  writer.flush();
  return storage.bytes();
}

export function read(bytes: Uint8Array): {
  readonly entries: readonly JournalEntry[];
  readonly end: JournalEnd;
} {
  let end: JournalEnd | undefined;
  const entries = [...readJournal(bytes, { onEnd: (found) => (end = found) })];
  return { entries, end: end! };
}

/** What reading throws, as plain data. */
export function failure(run: () => unknown): { readonly code: string; readonly message: string } | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const note = (at: number, text: string): CoreEvent =>
  ({
    type: "operator",
    at,
    receivedAt: 1_780_000_000_000 + at,
    operator: "me",
    command: { kind: "note", text },
  }) as CoreEvent;

export const delta = (at: number, levels: readonly number[]): CoreEvent =>
  ({
    type: "book_delta",
    at,
    receivedAt: 1_780_000_000_000,
    marketId: "0xaa",
    levels,
    bestBid: -1,
    bestAsk: 5_200,
  }) as unknown as CoreEvent;
