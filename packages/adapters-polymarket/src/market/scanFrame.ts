import { PRICE_ONE } from "@matchpoint/sdk";
import { CLOSE, CLOSE_LIST, COLON, COMMA, ODD, OPEN, OPEN_LIST, QUOTE, SPACE, word } from "./byteReader.ts";
import { isTick, SIZE_PLACES } from "./decimal.ts";
import { KEY, KeyReader, TYPE } from "./keyReader.ts";
import { ABSENT, type FrameStage } from "./stage.ts";
import { HASHED, type IndexedToken, type TokenIndex } from "./tokenIndex.ts";

/** Longer frames are left to the parser: they are rare, and memory is not kept for them. */
const LONGEST = 1 << 20;

const LISTS = KEY.BIDS | KEY.ASKS | KEY.PRICE_CHANGES;
const NEEDED_BOOK = KEY.ASSET_ID | KEY.TIMESTAMP | KEY.BIDS | KEY.ASKS;
const NEEDED_CHANGES = KEY.TIMESTAMP | KEY.PRICE_CHANGES;
const NEEDED_CHANGE = KEY.ASSET_ID | KEY.PRICE | KEY.SIZE | KEY.SIDE;
const NEEDED_TRADE = KEY.ASSET_ID | KEY.PRICE | KEY.SIZE | KEY.SIDE | KEY.TIMESTAMP;

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
const BUY = word('BUY"');
const SELL = word("SELL");

/**
 * Reads `price_change`, `book` and `last_trade_price` frames from their bytes: no text, no objects, one pass. It never refuses a
 * frame; whatever is not exactly what the venue usually sends (escapes, numbers that are not text, a key met twice, anything
 * invalid) it leaves to the parser, so that there is one place that says what is wrong.
 */
export class FrameScanner extends KeyReader {
  private readonly index: TokenIndex;
  private readonly stage: FrameStage;
  // The fields of the object being read.
  private token: IndexedToken | undefined;
  private price = 0;
  private size = 0;
  private buy = false;

  constructor(index: TokenIndex, stage: FrameStage) {
    super();
    this.index = index;
    this.stage = stage;
  }

  /** Reads a frame into the stage; false when it is left to the parser, and then the stage holds nothing that may be used. */
  scan(frame: Uint8Array, start: number, end: number): boolean {
    if (end - start > LONGEST) return false;
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
    if (type === TYPE.CHANGES) {
      return (seen & NEEDED_CHANGES) === NEEDED_CHANGES && this.stage.endChanges(millis) === undefined;
    }
    if (type === TYPE.TRADE) {
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
}
