/** One market's order book, both outcomes. @module */
export type { BookStatus, BookView, Level, Walk, WalkAmount } from "./bookView.ts";
export { BOOK_CHANGE, MarketBook, type BookStats, type MarketBookOptions } from "./marketBook.ts";
