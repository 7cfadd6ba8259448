import { isMatchpointError, JournalReader, type JournalEntry } from "@matchpoint/sdk";
import { nodeCrc32, nodeSha256, readBlocks } from "@matchpoint/sdk/node";
import { RunView } from "./runView.ts";
import type { FindStrategy } from "./shadow.ts";

/** How far a reader goes before it lets others have a turn, in bytes. */
const BLOCK_BYTES = 65_536;
const MS = 1_000_000;

/**
 * A view of a journal that can be led forward: as far as the file goes, to a moment, or to a line. It is led in short stretches, so that
 * whoever waits for something else gets a turn. Where the run decided otherwise than its core does now, the books alone are shown, from
 * the beginning.
 */
export class Follower {
  readonly #journal: string;
  readonly #find: FindStrategy;
  #view: RunView;
  #reader: JournalReader;
  /** Bytes of the journal that were read, and entries that were and are still to be shown. */
  #read = 0;
  #waiting: JournalEntry[] = [];
  #at = 0;
  #began: { readonly at: number; readonly receivedAt: number } | undefined;
  #booksOnly: string | undefined;

  constructor(journal: string, find: FindStrategy, booksOnly?: string) {
    this.#journal = journal;
    this.#find = find;
    this.#booksOnly = booksOnly;
    this.#reader = this.#newReader();
    this.#view = this.#newView();
  }

  get view(): RunView {
    return this.#view;
  }
  /** Bytes that were read so far. */
  get bytes(): number {
    return this.#read;
  }
  /** Why the books alone are shown; `undefined`: all is. */
  get booksOnly(): string | undefined {
    return this.#booksOnly;
  }

  /**
   * Goes on until `until` says that the next entry is beyond, the file ends, or the time is over. Tells which.
   * @param until - told the next entry and its time in the run; true stops before it
   * @throws MatchpointError `FILE_NOT_FOUND`, `JOURNAL_CORRUPT`, `JOURNAL_SCHEMA_NEWER`
   */
  lead(
    withinMs: number,
    until: (entry: JournalEntry, t: number) => boolean = () => false,
  ): "end" | "beyond" | "time" {
    const deadline = performance.now() + withinMs;
    for (let n = 0; ; n++) {
      if ((n & 63) === 63 && performance.now() >= deadline) return "time";
      const entry = this.#next();
      if (entry === undefined) return "end";
      if (until(entry, this.#timeOf(entry))) return "beyond";
      this.#at += 1;
      this.#take(entry);
    }
  }

  /** Begins again, with nothing shown. */
  restart(): void {
    this.#read = 0;
    this.#waiting = [];
    this.#at = 0;
    this.#reader = this.#newReader();
    this.#view = this.#newView();
  }

  #take(entry: JournalEntry): void {
    try {
      this.#view.take(entry);
    } catch (error) {
      // A core that is fed what it would never have been told throws in many ways: none of them says that the journal is wrong.
      if (this.#booksOnly !== undefined) throw error;
      const why = isMatchpointError(error) ? error.message.split("\n")[0]! : String(error);
      this.#booksOnly = `The run cannot be followed with the code that is here (${why}).`;
      this.restart();
    }
  }

  #next(): JournalEntry | undefined {
    if (this.#at < this.#waiting.length) return this.#waiting[this.#at];
    this.#waiting = [];
    this.#at = 0;
    const blocks = readBlocks(this.#journal, { what: "journal", from: this.#read, blockBytes: BLOCK_BYTES });
    for (const block of blocks) {
      this.#read += block.length;
      this.#reader.push(block, (entry) => this.#waiting.push(entry));
      if (this.#waiting.length > 0) break;
    }
    return this.#waiting[0];
  }

  #timeOf({ event }: JournalEntry): number {
    this.#began ??= { at: event.at, receivedAt: event.receivedAt };
    return Math.round(this.#began.receivedAt + (event.at - this.#began.at) / MS);
  }

  #newReader(): JournalReader {
    return new JournalReader({ crc32: nodeCrc32, sha256: nodeSha256, file: this.#journal });
  }
  #newView(): RunView {
    return new RunView({
      find: this.#find,
      ...(this.#booksOnly === undefined ? {} : { booksOnly: this.#booksOnly }),
    });
  }
}
