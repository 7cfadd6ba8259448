import { ByteReader, COLON, ODD, QUOTE, SPACE, word } from "./byteReader.ts";

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
const BOOK = word("book");
const _CHA = word("_cha");
const NGE_END = word('nge"');
const LAST = word("last");
const _TRA = word("_tra");
const DE_P = word("de_p");
const RICE = word("rice");

/** Keys that are read; one bit each, so that a key met twice is noticed. */
export const KEY = {
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

/** Event types that are read from bytes; 0 is any other. */
export const TYPE = { BOOK: 1, CHANGES: 2, TRADE: 3 } as const;

/** Recognises keys and event types by their bytes, four at a time. */
export class KeyReader extends ByteReader {
  /** The key at `pos` (spaces before it allowed); leaves `pos` at its value. */
  protected key(): number {
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

  /** The event type, 0 for those that the parser reads. */
  protected type(): number {
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
      return TYPE.CHANGES;
    }
    if (first === BOOK && bytes[at + 4] === QUOTE) {
      this.pos = at + 5;
      return TYPE.BOOK;
    }
    if (
      first === LAST &&
      view.getInt32(at + 4, true) === _TRA &&
      view.getInt32(at + 8, true) === DE_P &&
      view.getInt32(at + 12, true) === RICE &&
      bytes[at + 16] === QUOTE
    ) {
      this.pos = at + 17;
      return TYPE.TRADE;
    }
    return 0;
  }
}
