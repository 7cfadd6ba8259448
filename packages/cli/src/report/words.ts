import { formatPrice, HALT_CAUSES, PRICE_ONE, type HaltCause, type Price } from "@matchpoint/sdk";

/** A trading state as people read it; what machines read (journal, `--json`) keeps the state's own name. */
export function stateWord(status: string): string {
  return status === "TEMPORAL_ACTIVE" ? "ACTIVE" : status;
}

/** A text from inside with the states' names as people read them, and dollars with their cents. */
export function readable(text: string): string {
  return text.replaceAll("TEMPORAL_ACTIVE", "ACTIVE").replace(/\$(\d+)\.(\d)(?!\d)/g, "$$$1.$20");
}

/** Halt causes, each with what it means: `connectivity: the market's data connection is down`. */
function causeWords(cause: string): string {
  if (!Object.hasOwn(HALT_CAUSES, cause)) return cause;
  const { summary } = HALT_CAUSES[cause as HaltCause];
  return `${cause}: ${summary.charAt(0).toLowerCase()}${summary.slice(1).replace(/\.$/, "")}`;
}

/** What a person needs of the reasons that the trading machine's table gives. */
const REASONS: readonly (readonly [RegExp, (detail: string) => string])[] = [
  [/^no cause is left: .*\((.+)\)$/, (causes) => `cleared: ${causes}`],
  [/^a halt cause was raised \((.+)\)$/, causeWords],
  [/^the market's own truth is disputed or retracted \((.+)\)$/, causeWords],
  [/^the market's own outcome is decided \((.+)\)$/, (status) => `decided: ${status}`],
  [/^resolved by the venue, every order and trade terminal$/, () => "resolved by the venue, nothing is open"],
];

/** Why a market's state changed, in short. */
export function whyMoved(reason: string): string {
  for (const [pattern, words] of REASONS) {
    const match = pattern.exec(reason);
    if (match !== null) return words(match[1] ?? "");
  }
  return readable(reason);
}

/** The usual tick. */
const CENT = 100 as Price;

/** A price with as many decimals as its market's tick has, so that prices of one market look alike. */
export function priceText(value: Price, tick = CENT): string {
  const [whole = "0", decimals = ""] = formatPrice(value).split(".");
  const padded = decimals.padEnd(decimalsOfTick(tick), "0");
  return padded === "" ? whole : `${whole}.${padded}`;
}

function decimalsOfTick(tick: Price): number {
  for (let decimals = 0; decimals < 4; decimals++)
    if (tick >= 1 && tick % (PRICE_ONE / 10 ** decimals) === 0) return decimals;
  return 4;
}
