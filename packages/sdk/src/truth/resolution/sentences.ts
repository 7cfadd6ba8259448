/** A sentence as it stands, and in the form that patterns are written for. */
export interface Sentence {
  readonly text: string;
  /** Lower case, without its end mark; teams as `<t0>` and `<t1>`, addresses as `<u0>`…, numbers in digits. */
  readonly masked: string;
}

/** A rules text in parts. */
export interface ReadText {
  readonly sentences: readonly Sentence[];
  readonly urls: readonly string[];
}

const URL = /https?:\/\/[^\s)"']*[^\s)"'.,;:]/g;
const NUMBERS: Readonly<Record<string, string>> = {
  one: "1",
  two: "2",
  three: "3",
  four: "4",
  five: "5",
  six: "6",
  seven: "7",
  eight: "8",
  nine: "9",
  ten: "10",
  fourteen: "14",
};
const COUNTED = /\b(one|two|three|four|five|six|seven|eight|nine|ten|fourteen)(?= (?:days?|hours?)\b)/g;

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Puts marks for the names of the teams, the longer one first: it may hold the other. */
function maskTeams(text: string, teams: readonly [string, string]): string {
  const order = teams[0].length >= teams[1].length ? ([0, 1] as const) : ([1, 0] as const);
  let masked = text;
  for (const team of order) {
    const name = tidy(teams[team]).trim();
    if (name === "") continue;
    masked = masked.replace(
      new RegExp(`(?<![\\p{L}\\p{N}<])${escaped(name)}(?![\\p{L}\\p{N}>])`, "gu"),
      `<t${team}>`,
    );
  }
  return masked.replace(/" ?(<t[01]>) ?"/g, '"$1"').replace(/ +/g, " ");
}

/** One kind of quotes, dashes and blanks. Angle brackets are ours. */
function tidy(text: string): string {
  return text
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2010-\u2015]/g, "-")
    .replace(/[<>]/g, "¤")
    .replace(/[^\S\n]+/g, " ");
}

function lower(text: string): string {
  return text
    .toLowerCase()
    .replace(/[.!]$/, "")
    .replaceAll("cancelled", "canceled")
    .replace(COUNTED, (word) => NUMBERS[word]!);
}

/** Splits a text into sentences: at the ends of paragraphs, and within them where an end mark is followed by a capital. */
export function readSentences(rules: string, teams: readonly [string, string]): ReadText {
  const urls: string[] = [];
  const bare = tidy(rules).replace(URL, (url) => {
    const known = urls.indexOf(url);
    return `<u${known >= 0 ? known : urls.push(url) - 1}>`;
  });
  const unmasked = (text: string): string =>
    text.replace(
      /<([tu])(\d+)>/g,
      (_, kind: string, index: string) =>
        (kind === "t" ? teams[Number(index) as 0 | 1] : urls[Number(index)]) ?? "",
    );
  const sentences = maskTeams(bare, teams)
    .split(/\n+/)
    .flatMap((paragraph) => {
      const whole = paragraph.trim();
      // The one sentence with names of leagues in it stands alone, and its names may hold full stops.
      return /^This market refers to /.test(whole) ? [whole] : whole.split(/(?<=[.!?]["']?) +(?=["'A-Z<])/);
    })
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "")
    .map((sentence) => ({ text: unmasked(sentence), masked: lower(sentence) }));
  return { sentences, urls };
}
