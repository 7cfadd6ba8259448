import type { Title } from "../../events/index.ts";

/** Where results of a game are published that rules name: a site, or a part of one. */
const ORACLES: Readonly<Record<Exclude<Title, "other">, readonly RegExp[]>> = {
  cs2: [/^hltv\.org$/, /^liquipedia\.net\/counterstrike(?:\/.*)?$/],
  lol: [/^gol\.gg(?:\/.*)?$/, /^lolesports\.com(?:\/.*)?$/, /^liquipedia\.net\/leagueoflegends(?:\/.*)?$/],
  dota2: [/^dotabuff\.com(?:\/.*)?$/, /^opendota\.com(?:\/.*)?$/, /^liquipedia\.net\/dota2(?:\/.*)?$/],
  valorant: [/^vlr\.gg(?:\/.*)?$/, /^liquipedia\.net\/valorant(?:\/.*)?$/],
};

/** The games as rules texts call them. */
const GAMES: ReadonlyMap<string, Title> = new Map([
  ["lol", "lol"],
  ["league of legends", "lol"],
  ["counter-strike", "cs2"],
  ["counter-strike 2", "cs2"],
  ["cs2", "cs2"],
  ["dota 2", "dota2"],
  ["valorant", "valorant"],
]);

/** The title that a text's name of a game means. */
export function titleOfGame(game: string): Title | undefined {
  return GAMES.get(game);
}

/** An address without what does not matter to whose it is. */
export function siteOf(url: string): string {
  return url
    .toLowerCase()
    .replace(/^https?:\/\/(?:www\.)?/, "")
    .replace(/\/+$/, "");
}

/** Whether a site is known to publish results of a game. */
export function isOracle(url: string, title: Title): boolean {
  return title !== "other" && ORACLES[title].some((pattern) => pattern.test(siteOf(url)));
}
