/** One market's order book, both outcomes. @module */
export type { BookStatus, BookView, Level, SavedBook, Walk, WalkAmount } from "./bookView.ts";
export { MarketBook, type BookStats, type MarketBookOptions } from "./marketBook.ts";
export { BOOK_CHANGE } from "./priceLadder.ts";
