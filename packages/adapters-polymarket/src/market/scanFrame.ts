import { PRICE_ONE } from "@matchpoint/sdk";
import { isTick } from "./decimal.ts";
import { ABSENT, type FrameStage } from "./stage.ts";
import { HASHED, type IndexedToken, type TokenIndex } from "./tokenIndex.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const DOT = 0x2e;
const SPACE = 0x20;
const ZERO = 0x30;

/** What a reader returns for something that it leaves to the other twin. */
const ODD = -2;
/** Bytes that must be readable behind a frame: what a frame cut in the middle of a word makes the reader touch at most. */
const PAD = 64;

/** Four characters as a little-endian word. */
function word(text: string): number {
  return (
    text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24)
  );
}
const ASSE = word("asse");
const T_ID = word("t_id");
const PRIC = word("pric");
const E_CH = word("e_ch");
const ANGE = word("ange");
const SIZE = word("size");
const SIDE = word("side");
const BEST = word("best");
const _BID = word("_bid");
const _ASK = word("_ask");
const BIDS = word("bids");
const ASKS = word("asks");
const TIME = word("time");
const STAM = word("stam");
const EVEN = word("even");
const T_TY = word("t_ty");
const TICK = word("tick");
const _SIZ = word("_siz");
const BUY = word('BUY"');
const SELL = word("SELL");
const BOOK = word("book");
const _CHA = word("_cha");
const NGE_END = word('nge"');
const LAST = word("last");
const _TRA = word("_tra");
const DE_P = word("de_p");
const RICE = word("rice");
// The keys of list elements as the venue writes them, with what stands around them.
const __AS = word('{"as');
const SET_ = word("set_");
const ID__ = word('id":');
const _PRI = word('"pri');
const CE__ = word('ce":');
const __PR = word('{"pr');
const ICE_ = word('ice"');
const _SIZE = word('"siz');
const E___ = word('e":"');
const _SIDE = word('"sid');
const _HAS = word('"has');
const H___ = word('h":"');
const _BES = word('"bes');
const T_BI = word("t_bi");
const D___ = word('d":"');
const T_AS = word("t_as");
const K___ = word('k":"');
const TRUE = word("true");
const NULL = word("null");
const ALSE = word("alse");

/** Keys that are read; one bit each, so that a key met twice is noticed. */
const KEY = {
  OTHER: 0,
  ASSET_ID: 1 << 0,
  PRICE: 1 << 1,
  SIZE: 1 << 2,
  SIDE: 1 << 3,
  BEST_BID: 1 << 4,
  BEST_ASK: 1 << 5,
  TIMESTAMP: 1 << 6,
  EVENT_TYPE: 1 << 7,
  PRICE_CHANGES: 1 << 8,
  BIDS: 1 << 9,
  ASKS: 1 << 10,
  TICK_SIZE: 1 << 11,
} as const;
const LISTS = KEY.BIDS | KEY.ASKS | KEY.PRICE_CHANGES;
const NEEDED_BOOK = KEY.ASSET_ID | KEY.TIMESTAMP | KEY.BIDS | KEY.ASKS;
const NEEDED_CHANGES = KEY.TIMESTAMP | KEY.PRICE_CHANGES;
const NEEDED_CHANGE = KEY.ASSET_ID | KEY.PRICE | KEY.SIZE | KEY.SIDE;
const NEEDED_TRADE = KEY.ASSET_ID | KEY.PRICE | KEY.SIZE | KEY.SIDE | KEY.TIMESTAMP;

const TYPE_BOOK = 1;
const TYPE_CHANGES = 2;
const TYPE_TRADE = 3;

const PRICE_PLACES = 4;
const SIZE_PLACES = 6;
const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/**
 * Reads `price_change`, `book` and `last_trade_price` frames from their bytes: no text, no objects, one pass. It never refuses a
 * frame; whatever is not exactly what the venue usually sends (escapes, numbers that are not text, a key met twice, anything
 * invalid) it leaves to the parser, so that there is one place that says what is wrong.
 */
export class FrameScanner {
  private readonly index: TokenIndex;
  private readonly stage: FrameStage;
  private buffer: ArrayBufferLike = new ArrayBuffer(0);
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private scratch = new Uint8Array(4096);
  private pos = 0;
  private end = 0;

  // The fields of the object being read.
  private token: IndexedToken | undefined;
  private price = 0;
  private size = 0;
  private buy = false;

  constructor(index: TokenIndex, stage: FrameStage) {
    this.index = index;
    this.stage = stage;
  }

  /** Reads a frame into the stage; false when it is left to the parser, and then the stage holds nothing that may be used. */
  scan(frame: Uint8Array, start: number, end: number): boolean {
    this.open(frame, start, end);
    this.space();
    const first = this.bytes[this.pos]!;
    if (first === OPEN) {
      if (!this.event()) return false;
    } else if (first === OPEN_LIST) {
      this.pos++;
      this.space();
      if (this.bytes[this.pos] === CLOSE_LIST) this.pos++;
      else {
        for (;;) {
          if (this.bytes[this.pos] !== OPEN || !this.event()) return false;
          this.space();
          const next = this.bytes[this.pos++]!;
          if (next === CLOSE_LIST) break;
          if (next !== COMMA) return false;
          this.space();
        }
      }
    } else return false;
    this.space();
    return this.pos === this.end;
  }

  /** Makes the frame's bytes readable by word, copying it when it ends where its memory ends. */
  private open(frame: Uint8Array, start: number, end: number): void {
    let buffer: ArrayBufferLike = frame.buffer;
    let from = frame.byteOffset + start;
    const length = end - start;
    if (from + length + PAD > buffer.byteLength) {
      if (this.scratch.length < length + PAD) this.scratch = new Uint8Array((length + PAD) * 2);
      this.scratch.set(start === 0 && end === frame.length ? frame : frame.subarray(start, end));
      buffer = this.scratch.buffer;
      from = 0;
    }
    if (buffer !== this.buffer) {
      this.buffer = buffer;
      this.bytes = new Uint8Array(buffer);
      this.view = new DataView(buffer);
    }
    this.pos = from;
    this.end = from + length;
  }

  private space(): void {
    const bytes = this.bytes;
    let at = this.pos;
    for (
      let c = bytes[at]!;
      at < this.end && (c === SPACE || c === 10 || c === 13 || c === 9);
      c = bytes[at]!
    )
      at++;
    this.pos = at;
  }

  /** One event object, `pos` at its brace. */
  private event(): boolean {
    let seen = 0;
    let type = 0;
    let millis = 0;
    let tick = ABSENT;
    this.token = undefined;
    this.pos++;
    for (;;) {
      const key = this.key();
      if (key < 0 || (key & seen) !== 0) return false;
      seen |= key;
      switch (key) {
        case KEY.OTHER:
          if (!this.skip()) return false;
          break;
        case KEY.ASSET_ID:
          if (!this.tokenId()) return false;
          break;
        case KEY.TIMESTAMP:
          millis = this.digits();
          if (millis < 0) return false;
          break;
        case KEY.PRICE_CHANGES:
          if (!this.changes()) return false;
          break;
        case KEY.BIDS:
        case KEY.ASKS:
          if ((seen & (KEY.BIDS | KEY.ASKS)) === key) this.stage.beginBook();
          if (!this.ladder(key === KEY.BIDS)) return false;
          break;
        case KEY.TICK_SIZE:
          tick = this.priceText();
          if (tick === ODD || (tick !== ABSENT && !isTick(tick))) return false;
          break;
        case KEY.EVENT_TYPE:
          type = this.type();
          if (type === 0) return false;
          break;
        default:
          if (!this.field(key)) return false;
      }
      const next = this.next();
      if (next === CLOSE) break;
      if (next !== COMMA) return false;
    }
    // Fields are shared between an event and the lists in it: an event with lists that are not its own is too odd.
    if (type === TYPE_CHANGES) {
      return (seen & NEEDED_CHANGES) === NEEDED_CHANGES && this.stage.endChanges(millis) === undefined;
    }
    if (type === TYPE_TRADE) {
      if ((seen & (NEEDED_TRADE | LISTS)) !== NEEDED_TRADE) return false;
      this.stage.trade(this.token, this.buy, this.price, this.size, millis);
      return true;
    }
    if ((seen & (NEEDED_BOOK | KEY.PRICE_CHANGES)) !== NEEDED_BOOK) return false;
    this.stage.endBook(this.token, tick, millis);
    return true;
  }

  /** `price_changes`, `pos` at the list's bracket. */
  private changes(): boolean {
    if (this.bytes[this.pos] !== OPEN_LIST) return false;
    this.pos++;
    this.stage.beginChanges();
    this.space();
    if (this.bytes[this.pos] === CLOSE_LIST) {
      this.pos++;
      return true;
    }
    for (;;) {
      if (this.usualChange()) {
        const next = this.next();
        if (next === CLOSE_LIST) return true;
        if (next !== COMMA) return false;
        this.space();
        continue;
      }
      if (this.bytes[this.pos] !== OPEN) return false;
      this.pos++;
      let seen = 0;
      let bid = ABSENT;
      let ask = ABSENT;
      for (;;) {
        const key = this.key();
        if (key < 0 || (key & seen) !== 0) return false;
        seen |= key;
        if (key === KEY.OTHER) {
          if (!this.skip()) return false;
        } else if (key === KEY.ASSET_ID) {
          if (!this.tokenId()) return false;
        } else if (key === KEY.BEST_BID) {
          bid = this.priceText();
          if (bid === ODD || bid > PRICE_ONE) return false;
        } else if (key === KEY.BEST_ASK) {
          ask = this.priceText();
          if (ask === ODD || ask > PRICE_ONE) return false;
        } else if (!this.field(key)) return false;
        const next = this.next();
        if (next === CLOSE) break;
        if (next !== COMMA) return false;
      }
      if ((seen & NEEDED_CHANGE) !== NEEDED_CHANGE) return false;
      this.stage.change(this.token, this.buy, this.price, this.size, bid, ask);
      const next = this.next();
      if (next === CLOSE_LIST) return true;
      if (next !== COMMA) return false;
      this.space();
    }
  }

  /**
   * One element of `price_changes` with its keys in the venue's own order. False, and `pos` where it was, when it is written in
   * any other way.
   */
  private usualChange(): boolean {
    const { view, pos, end } = this;
    if (pos + 13 > end || view.getInt32(pos, true) !== __AS || view.getInt32(pos + 4, true) !== SET_)
      return false;
    if (view.getInt32(pos + 8, true) !== ID__) return false;
    this.pos = pos + 12;
    if (this.tokenId()) {
      const at = this.gap();
      if (view.getInt32(at, true) === _PRI && view.getInt32(at + 4, true) === CE__) {
        this.pos = at + 8;
        const price = this.priceText();
        if (price >= 0 && price <= PRICE_ONE && this.starts(_SIZE, E___)) {
          const size = this.decimal(SIZE_PLACES);
          if (
            size >= 0 &&
            this.starts(_SIDE, E___) &&
            this.field(KEY.SIDE) &&
            this.starts(_HAS, H___) &&
            this.string()
          ) {
            const bid = this.best(T_BI, D___);
            const ask = bid === ODD ? ODD : this.best(T_AS, K___);
            if (ask !== ODD && this.bytes[this.pos] === CLOSE) {
              this.pos++;
              this.stage.change(this.token, this.buy, price, size, bid, ask);
              return true;
            }
          }
        }
      }
    }
    this.pos = pos;
    return false;
  }

  /** Skips a comma and the space that may follow it; where the next key starts, -1 (nothing does) when there is no comma. */
  private gap(): number {
    const at = this.pos;
    if (this.bytes[at] !== COMMA) return this.end;
    return this.bytes[at + 1] === SPACE ? at + 2 : at + 1;
  }

  /** Whether a comma and a key of two words follow; leaves `pos` at the quote that opens its value. */
  private starts(first: number, second: number): boolean {
    const at = this.gap();
    if (this.view.getInt32(at, true) !== first || this.view.getInt32(at + 4, true) !== second) return false;
    this.pos = at + 7;
    return true;
  }

  /** A `best_bid` or `best_ask` that follows, {@link ODD} when none does. */
  private best(second: number, third: number): number {
    const at = this.gap();
    const { view } = this;
    if (
      view.getInt32(at, true) !== _BES ||
      view.getInt32(at + 4, true) !== second ||
      view.getInt32(at + 8, true) !== third
    )
      return ODD;
    this.pos = at + 11;
    const value = this.priceText();
    return value <= PRICE_ONE ? value : ODD;
  }

  /** `bids` or `asks`, `pos` at the list's bracket. Their prices must rise or fall throughout: so none is there twice. */
  private ladder(bids: boolean): boolean {
    if (this.bytes[this.pos] !== OPEN_LIST) return false;
    this.pos++;
    this.space();
    if (this.bytes[this.pos] === CLOSE_LIST) {
      this.pos++;
      return true;
    }
    let last = -1;
    let direction = 0;
    for (;;) {
      if (!this.usualLevel() && !this.anyLevel()) return false;
      const price = this.price;
      if (last >= 0) {
        if (price === last) return false;
        const step = price > last ? 1 : -1;
        if (direction === 0) direction = step;
        else if (direction !== step) return false;
      }
      last = price;
      this.stage.level(bids, price, this.size);
      const next = this.next();
      if (next === CLOSE_LIST) return true;
      if (next !== COMMA) return false;
      this.space();
    }
  }

  /** A level with its keys in the venue's own order. False, and `pos` where it was, when it is written in any other way. */
  private usualLevel(): boolean {
    const { view, pos, end } = this;
    if (pos + 10 > end || view.getInt32(pos, true) !== __PR || view.getInt32(pos + 4, true) !== ICE_)
      return false;
    if (this.bytes[pos + 8] === COLON) {
      this.pos = pos + 9;
      const price = this.priceText();
      if (price >= 0 && price <= PRICE_ONE && this.starts(_SIZE, E___)) {
        const size = this.decimal(SIZE_PLACES);
        if (size >= 0 && this.bytes[this.pos] === CLOSE) {
          this.pos++;
          this.price = price;
          this.size = size;
          return true;
        }
      }
    }
    this.pos = pos;
    return false;
  }

  private anyLevel(): boolean {
    if (this.bytes[this.pos] !== OPEN) return false;
    this.pos++;
    let seen = 0;
    for (;;) {
      const key = this.key();
      if (key < 0 || (key & seen) !== 0) return false;
      seen |= key;
      if (key === KEY.OTHER ? !this.skip() : !this.field(key)) return false;
      const next = this.next();
      if (next === CLOSE) break;
      if (next !== COMMA) return false;
    }
    return (seen & (KEY.PRICE | KEY.SIZE)) === (KEY.PRICE | KEY.SIZE);
  }

  /** The value of `price`, `size` or `side`; other keys do not belong here. */
  private field(key: number): boolean {
    if (key === KEY.PRICE) {
      this.price = this.priceText();
      return this.price >= 0 && this.price <= PRICE_ONE;
    }
    if (key === KEY.SIZE) {
      this.size = this.decimal(SIZE_PLACES);
      return this.size >= 0;
    }
    if (key !== KEY.SIDE || this.bytes[this.pos] !== QUOTE) return false;
    const at = this.pos + 1;
    const side = this.view.getInt32(at, true);
    if (side === BUY) {
      this.buy = true;
      this.pos = at + 4;
      return true;
    }
    if (side !== SELL || this.bytes[at + 4] !== QUOTE) return false;
    this.buy = false;
    this.pos = at + 5;
    return true;
  }

  /** The key at `pos` (spaces before it allowed); leaves `pos` at its value. */
  private key(): number {
    const { bytes, view } = this;
    if (bytes[this.pos] !== QUOTE) {
      this.space();
      if (bytes[this.pos] !== QUOTE) return ODD;
    }
    const at = this.pos + 1;
    if (at >= this.end) return ODD;
    let key: number = KEY.OTHER;
    let length = 0;
    switch (view.getInt32(at, true)) {
      case PRIC:
        if (bytes[at + 4] === 0x65 && bytes[at + 5] === QUOTE) {
          key = KEY.PRICE;
          length = 5;
        } else if (
          view.getInt32(at + 4, true) === E_CH &&
          view.getInt32(at + 8, true) === ANGE &&
          bytes[at + 12] === 0x73
        ) {
          key = KEY.PRICE_CHANGES;
          length = 13;
        }
        break;
      case SIZE:
        key = KEY.SIZE;
        length = 4;
        break;
      case ASSE:
        if (view.getInt32(at + 4, true) === T_ID) {
          key = KEY.ASSET_ID;
          length = 8;
        }
        break;
      case SIDE:
        key = KEY.SIDE;
        length = 4;
        break;
      case BEST: {
        const rest = view.getInt32(at + 4, true);
        if (rest === _BID) key = KEY.BEST_BID;
        else if (rest === _ASK) key = KEY.BEST_ASK;
        length = 8;
        break;
      }
      case TIME:
        if (view.getInt32(at + 4, true) === STAM && bytes[at + 8] === 0x70) {
          key = KEY.TIMESTAMP;
          length = 9;
        }
        break;
      case EVEN:
        if (view.getInt32(at + 4, true) === T_TY && bytes[at + 8] === 0x70 && bytes[at + 9] === 0x65) {
          key = KEY.EVENT_TYPE;
          length = 10;
        }
        break;
      case BIDS:
        key = KEY.BIDS;
        length = 4;
        break;
      case ASKS:
        key = KEY.ASKS;
        length = 4;
        break;
      case TICK:
        if (view.getInt32(at + 4, true) === _SIZ && bytes[at + 8] === 0x65) {
          key = KEY.TICK_SIZE;
          length = 9;
        }
        break;
    }
    if (key !== KEY.OTHER && bytes[at + length] === QUOTE) this.pos = at + length + 1;
    else {
      key = KEY.OTHER;
      if (!this.string()) return ODD;
    }
    if (bytes[this.pos] !== COLON) {
      this.space();
      if (bytes[this.pos] !== COLON) return ODD;
    }
    this.pos++;
    if (bytes[this.pos]! <= SPACE) this.space();
    return key;
  }

  /** The character after a value, spaces before it skipped; `pos` behind it. */
  private next(): number {
    if (this.bytes[this.pos]! <= SPACE) this.space();
    return this.bytes[this.pos++]!;
  }

  /** Skips the value of a key that is not read: text, `true`, `false` or `null`. */
  private skip(): boolean {
    const c = this.bytes[this.pos];
    if (c === QUOTE) return this.string();
    const at = this.pos;
    if (at >= this.end) return false;
    const four = this.view.getInt32(at, true);
    if (four === TRUE || four === NULL) {
      this.pos = at + 4;
      return true;
    }
    if (c !== 0x66 || this.view.getInt32(at + 1, true) !== ALSE) return false;
    this.pos = at + 5;
    return true;
  }

  /** Skips text without escapes, four bytes at a time. */
  private string(): boolean {
    const { bytes, view, end } = this;
    let at = this.pos + 1;
    for (const last = end - 4; at <= last; at += 4) {
      const four = view.getInt32(at, true);
      const quote = four ^ 0x22222222;
      const slash = four ^ 0x5c5c5c5c;
      // The high bit of a byte is set where it is a quote, a backslash or below a space.
      const hit =
        ((quote - 0x01010101) & ~quote) | ((slash - 0x01010101) & ~slash) | ((four - 0x20202020) & ~four);
      if ((hit & 0x80808080) !== 0) break;
    }
    for (; at < end; at++) {
      const c = bytes[at]!;
      if (c === QUOTE) {
        this.pos = at + 1;
        return true;
      }
      if (c < SPACE || c === BACKSLASH) return false;
    }
    return false;
  }

  /** A token id: found by its bytes, or skipped as foreign. */
  private tokenId(): boolean {
    if (this.bytes[this.pos] !== QUOTE) return false;
    const at = this.pos + 1;
    const found = this.index.match(this.view, at, this.end);
    if (found !== undefined) {
      this.token = found;
      this.pos = at + found.tokenId.length + 1; // ids are ASCII
      return true;
    }
    if (!this.string()) return false;
    const length = this.pos - 1 - at;
    if (length === 0) return false;
    this.token = undefined;
    if (length < HASHED) {
      let text = "";
      for (let i = 0; i < length; i++) text += String.fromCharCode(this.bytes[at + i]!);
      this.token = this.index.get(text);
    }
    return true;
  }

  /** A price as text; most are `"0."` and up to four digits. */
  private priceText(): number {
    const bytes = this.bytes;
    const at = this.pos;
    if (bytes[at] !== QUOTE || bytes[at + 1] !== ZERO || bytes[at + 2] !== DOT)
      return this.decimal(PRICE_PLACES);
    let digit = bytes[at + 3]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return ODD;
    let value = digit * 1000;
    let unit = 100;
    for (let i = at + 4; i < at + 7; i++) {
      const c = bytes[i]!;
      if (c === QUOTE) {
        this.pos = i + 1;
        return value;
      }
      digit = c - ZERO;
      if (!(digit >= 0 && digit <= 9)) return ODD;
      value += digit * unit;
      unit = unit === 100 ? 10 : 1;
    }
    if (bytes[at + 7] !== QUOTE) return this.decimal(PRICE_PLACES);
    this.pos = at + 8;
    return value;
  }

  /** A decimal as text, in units of 10^-places; {@link ABSENT} for `""`, {@link ODD} for what the parser should see. */
  private decimal(places: number): number {
    const bytes = this.bytes;
    let at = this.pos;
    if (bytes[at] !== QUOTE) return ODD;
    const from = ++at;
    let c = bytes[at]!;
    if (c === QUOTE) {
      this.pos = at + 1;
      return ABSENT;
    }
    let whole = 0;
    for (let digit = c - ZERO; digit >= 0 && digit <= 9; digit = c - ZERO) {
      whole = whole * 10 + digit;
      c = bytes[++at]!;
    }
    if (at - from > 10) return ODD;
    let fraction = 0;
    let kept = 0;
    if (c === DOT) {
      const point = at;
      c = bytes[++at]!;
      for (let digit = c - ZERO; digit >= 0 && digit <= 9; digit = c - ZERO) {
        if (kept < places) {
          fraction = fraction * 10 + digit;
          kept++;
        } else if (digit !== 0) return ODD;
        c = bytes[++at]!;
      }
      const length = at - point - 1;
      if (length === 0 || length > 18) return ODD;
    }
    if (c !== QUOTE || at >= this.end) return ODD;
    this.pos = at + 1;
    const value = whole * POWERS[places]! + fraction * POWERS[places - kept]!;
    return value <= Number.MAX_SAFE_INTEGER ? value : ODD;
  }

  /** A timestamp: text of digits. */
  private digits(): number {
    const bytes = this.bytes;
    let at = this.pos;
    if (bytes[at] !== QUOTE) return ODD;
    const from = ++at;
    let value = 0;
    let c = bytes[at]!;
    for (let digit = c - ZERO; digit >= 0 && digit <= 9; digit = c - ZERO) {
      value = value * 10 + digit;
      c = bytes[++at]!;
    }
    const length = at - from;
    if (c !== QUOTE || length === 0 || length > 15 || at >= this.end) return ODD;
    this.pos = at + 1;
    return value;
  }

  /** The event type, 0 for those that the parser reads. */
  private type(): number {
    const { bytes, view } = this;
    if (bytes[this.pos] !== QUOTE) return 0;
    const at = this.pos + 1;
    const first = view.getInt32(at, true);
    if (first === PRIC) {
      // price_change"
      if (
        bytes[at + 4] !== 0x65 ||
        view.getInt32(at + 5, true) !== _CHA ||
        view.getInt32(at + 9, true) !== NGE_END
      )
        return 0;
      this.pos = at + 13;
      return TYPE_CHANGES;
    }
    if (first === BOOK && bytes[at + 4] === QUOTE) {
      this.pos = at + 5;
      return TYPE_BOOK;
    }
    if (
      first === LAST &&
      view.getInt32(at + 4, true) === _TRA &&
      view.getInt32(at + 8, true) === DE_P &&
      view.getInt32(at + 12, true) === RICE &&
      bytes[at + 16] === QUOTE
    ) {
      this.pos = at + 17;
      return TYPE_TRADE;
    }
    return 0;
  }
}
