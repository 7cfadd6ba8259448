import { formatShares, type Intent, type MarketEntry } from "@matchpoint/sdk";
import { plain } from "../report/format.ts";
import { priceText, readable } from "../report/words.ts";

/** An order in words: what it asks for may be no outcome, amount or price at all where it is denied. */
export function orderWords(
  { outcome, side, size, limit, orderType }: Intent,
  entry: MarketEntry | undefined,
): string {
  const names: readonly { readonly name: string }[] = entry?.market.outcomes ?? [];
  const name = names[outcome]?.name ?? `outcome ${String(outcome)}`;
  const sound = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  const shares = sound(size) ? formatShares(size) : String(size);
  const at = sound(limit) ? priceText(limit, entry?.book.tick) : String(limit);
  return readable(plain(`${side} ${shares} ${name} at ${at} ${orderType}`));
}
