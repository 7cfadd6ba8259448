import type { FoundFrame, FoundLine, SearchFrame } from "@matchpoint/dashboard";
import { LineSplitter } from "@matchpoint/sdk";
import { readBlocks } from "@matchpoint/sdk/node";
import { plain } from "../report/format.ts";

const BLOCK_BYTES = 262_144;
/** Lines that are given at most: the last ones. */
const MOST = 200;
const LONGEST_TEXT = 200;
const SHOWN = 300;
const MS = 1_000_000;

/** A search of a journal under way: in short stretches, and without a regular expression, which a text could hold up. */
export class Search {
  readonly #frame: SearchFrame;
  readonly #blocks: Generator<Uint8Array, void, undefined>;
  readonly #size: number;
  readonly #lines: LineSplitter;
  readonly #decoder = new TextDecoder();
  readonly #wanted: string;
  #read = 0;
  #hits: FoundLine[] = [];
  #more = false;
  #began: { readonly at: number; readonly receivedAt: number } | undefined;

  /** @param size - bytes that are searched */
  constructor(journal: string, size: number, frame: SearchFrame) {
    this.#frame = frame;
    this.#size = size;
    this.#wanted = frame.text.toLowerCase();
    this.#blocks = readBlocks(journal, { what: "journal", blockBytes: BLOCK_BYTES });
    this.#lines = new LineSplitter(
      (buffer, start, end) => {
        this.#line(this.#decoder.decode(buffer.subarray(start, end)));
      },
      { code: "JOURNAL_CORRUPT" },
    );
  }

  get id(): number {
    return this.#frame.id;
  }

  /** Why a search is refused; `undefined`: it is not. */
  static refusal({ id, text, event, market, from, to }: SearchFrame): string | undefined {
    const texts = [event, market].every((each) => each === undefined || typeof each === "string");
    const times = [from, to].every((each) => each === undefined || Number.isFinite(each));
    if (!Number.isSafeInteger(id) || typeof text !== "string" || !texts || !times) return "that is no search";
    if (text.length > LONGEST_TEXT) return `a search has at most ${LONGEST_TEXT} characters`;
    return undefined;
  }

  /** Goes on for so long; gives what was found when that is all, or `progress` asks for it. */
  tick(withinMs: number, progress: boolean): FoundFrame | undefined {
    const deadline = performance.now() + withinMs;
    let isDone = false;
    do {
      const next = this.#read >= this.#size ? undefined : this.#blocks.next();
      if (next === undefined || next.done === true) {
        isDone = true;
        this.#blocks.return();
        break;
      }
      this.#read += next.value.length;
      this.#lines.push(next.value);
    } while (performance.now() < deadline);
    if (!isDone && !progress) return undefined;
    const done = isDone ? 1 : Math.min(0.999, this.#read / Math.max(1, this.#size));
    return { type: "found", id: this.#frame.id, hits: this.#hits.toReversed(), more: this.#more, done };
  }

  /** Ends it before its time. */
  stop(): void {
    this.#blocks.return();
  }

  #line(text: string): void {
    const { event, market, from, to } = this.#frame;
    const first = this.#began === undefined;
    // Reading a line takes long, looking at its text does not.
    const may =
      (this.#wanted === "" || text.toLowerCase().includes(this.#wanted)) &&
      (event === undefined || text.includes(`"kind":${JSON.stringify(event)}`)) &&
      (market === undefined || text.includes(JSON.stringify(market)));
    if (!first && !may) return;
    const line = lineOf(text);
    if (line === undefined) return;
    this.#began ??= { at: line.mono_ns, receivedAt: line.received_at };
    if (!may || (event !== undefined && line.kind !== event)) return;
    if (market !== undefined && line.market_id !== market) return;
    const t = Math.round(this.#began.receivedAt + (line.mono_ns - this.#began.at) / MS);
    if ((from !== undefined && t < from) || (to !== undefined && t > to)) return;
    this.#hits.push({
      seq: line.seq,
      t,
      event: line.kind,
      ...(line.market_id === undefined ? {} : { market: line.market_id }),
      text: plain(excerpt(JSON.stringify(line.payload ?? {}), this.#wanted)),
    });
    if (this.#hits.length <= MOST) return;
    this.#hits.shift();
    this.#more = true;
  }
}

/** A journal's line as far as a search goes. */
interface Line {
  readonly seq: number;
  readonly kind: string;
  readonly received_at: number;
  readonly mono_ns: number;
  readonly market_id?: string;
  readonly payload?: unknown;
}

/** A line; nothing for a last one that is being written. */
function lineOf(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Line;
    const { seq, kind, received_at: at, mono_ns: ns } = line;
    return [seq, at, ns].every(Number.isFinite) && typeof kind === "string" ? line : undefined;
  } catch {
    return undefined;
  }
}

/** What is around what was found. */
function excerpt(text: string, wanted: string): string {
  if (text.length <= SHOWN) return text;
  const at = wanted === "" ? 0 : Math.max(0, text.toLowerCase().indexOf(wanted));
  const from = Math.max(0, Math.min(at - SHOWN / 3, text.length - SHOWN));
  return `${from > 0 ? "…" : ""}${text.slice(from, from + SHOWN)}${from + SHOWN < text.length ? "…" : ""}`;
}
