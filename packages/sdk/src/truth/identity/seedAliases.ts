import type { TeamAliases } from "./teamAliases.ts";

/**
 * A table to start from: well-known teams under the names that Polymarket's listings give them (mostly PandaScore's) and those of result
 * sites (HLTV, OpenDota, Liquipedia). Made by laying the listings of March 2026 beside results of the same days, plus names in common
 * use. It is no more than that: a name that is missing refuses a join and says which alias would be needed. Extend it by spreading it.
 *
 * @example
 * ```ts
 * import { MatchRegistry, TEAM_ALIASES } from "@matchpoint/sdk";
 * const registry = new MatchRegistry({
 *   aliases: { ...TEAM_ALIASES, teams: [...TEAM_ALIASES.teams, { name: "Sashi Esport", titles: ["cs2"], aliases: ["Sashi"] }] },
 * });
 * ```
 */
export const TEAM_ALIASES: TeamAliases = {
  teams: [
    // Clubs that play several games under one name.
    {
      name: "Natus Vincere",
      aliases: ["NAVI", "Na'Vi"],
      sides: [{ name: "NAVI Junior", aliases: ["Natus Vincere Junior"] }],
    },
    {
      name: "G2 Esports",
      aliases: ["G2"],
      sides: [{ name: "G2 Ares" }, { name: "G2 Hel" }, { name: "G2 NORD" }, { name: "G2 Gozen" }],
    },
    {
      name: "Team Vitality",
      aliases: ["Vitality"],
      sides: [{ name: "Vitality.Bee", aliases: ["Team Vitality.Bee"] }],
    },
    { name: "Fnatic", aliases: ["FNC"] },
    { name: "Cloud9", aliases: ["C9"] },
    { name: "Evil Geniuses", aliases: ["EG"] },
    { name: "Team Liquid", aliases: ["Liquid"] },
    { name: "Team Falcons", aliases: ["Falcons"], sides: [{ name: "Falcons Force" }] },
    {
      name: "Team Spirit",
      aliases: ["Spirit"],
      sides: [{ name: "Spirit Academy", aliases: ["Team Spirit Academy"] }],
    },
    { name: "Team Secret", sides: [{ name: "Team Secret Whales" }] },
    {
      name: "Virtus.pro",
      aliases: ["VP", "Virtus Pro"],
      sides: [{ name: "VP.Prodigy", aliases: ["Virtus.pro Prodigy"] }],
    },
    { name: "BetBoom Team", aliases: ["BetBoom", "BB Team"] },
    { name: "Gaimin Gladiators", aliases: ["GG"] },
    { name: "Ninjas in Pyjamas", aliases: ["NIP"], sides: [{ name: "Young Ninjas" }] },
    { name: "MOUZ", aliases: [{ name: "mousesports", until: "2021-11-01" }], sides: [{ name: "MOUZ NXT" }] },
    { name: "HEROIC", aliases: ["Heroic Esports"], sides: [{ name: "HEROIC Academy" }] },
    { name: "NRG", aliases: ["NRG Esports"] },
    { name: "FURIA", aliases: ["FURIA Esports"], sides: [{ name: "FURIA Academy" }, { name: "FURIA fe" }] },
    { name: "100 Thieves", aliases: ["100T"], sides: [{ name: "100 Thieves Academy" }] },
    { name: "KOI", titles: ["valorant", "cs2"] },
    // Counter-Strike.
    { name: "FaZe Clan", titles: ["cs2"], aliases: ["FaZe"] },
    { name: "The MongolZ", titles: ["cs2"], aliases: ["TheMongolz"] },
    { name: "B8 Esports", titles: ["cs2"], aliases: ["B8"], sides: [{ name: "B8 Academy" }] },
    { name: "Aurora Gaming", titles: ["cs2", "dota2"], aliases: ["Aurora"] },
    { name: "3DMAX", titles: ["cs2"], aliases: ["Team 3DMAX"] },
    { name: "BC.Game Esports", titles: ["cs2"], aliases: ["BCGame", "BC.Game"] },
    { name: "Nexus Gaming", titles: ["cs2"], aliases: ["Nexus"] },
    { name: "Nemiga Gaming", titles: ["cs2"], aliases: ["Nemiga"] },
    { name: "Phantom Esports", titles: ["cs2"], aliases: ["Phantom"] },
    { name: "FAVBET Team", titles: ["cs2"], aliases: ["Favbet"] },
    { name: "BET-M 33", titles: ["cs2"], aliases: ["33"] },
    { name: "SPARTA Esports", titles: ["cs2"], aliases: ["SPARTA"] },
    { name: "Team Voca", titles: ["cs2"], aliases: ["Voca"] },
    { name: "Team Novaq", titles: ["cs2"], aliases: ["Novaq"] },
    { name: "HAVU Gaming", titles: ["cs2"], aliases: ["HAVU"] },
    { name: "Sinners Esports", titles: ["cs2"], aliases: ["SINNERS"] },
    { name: "Tricked Esport", titles: ["cs2"], aliases: ["Tricked"] },
    { name: "paiN Gaming", titles: ["cs2", "dota2", "lol"], aliases: ["paiN"] },
    {
      name: "Imperial Esports",
      titles: ["cs2"],
      aliases: ["Imperial"],
      sides: [{ name: "Imperial Academy" }],
    },
    { name: "BIG", titles: ["cs2"], aliases: ["BIG Clan"], sides: [{ name: "BIG Academy" }] },
    { name: "FUT Esports", titles: ["cs2"], aliases: ["FUT"], sides: [{ name: "FUT Academy" }] },
    {
      name: "Inner Circle Esports",
      titles: ["cs2"],
      aliases: ["Inner Circle"],
      sides: [{ name: "Inner Circle Academy" }],
    },
    { name: "Astralis", titles: ["cs2"], sides: [{ name: "Astralis Talent" }] },
    { name: "MIBR", titles: ["cs2", "valorant"], sides: [{ name: "MIBR Academy" }, { name: "MIBR fe" }] },
    { name: "FOKUS", titles: ["cs2"], sides: [{ name: "FOKUS REALITY" }] },
    { name: "Sangal Esports", titles: ["cs2"], aliases: ["Sangal"], sides: [{ name: "Sangal ALTERS" }] },
    // Dota 2.
    { name: "Tundra Esports", titles: ["dota2"], aliases: ["Tundra"] },
    { name: "Xtreme Gaming", titles: ["dota2"], aliases: ["XG"] },
    { name: "Vici Gaming", titles: ["dota2"], aliases: ["VG"] },
    { name: "Team Yandex", titles: ["dota2"], aliases: ["Yandex"] },
    { name: "Nigma Galaxy", titles: ["dota2"], aliases: ["Nigma"] },
    { name: "L1ga Team", titles: ["dota2"], aliases: ["L1GA TEAM"] },
    { name: "PARIVISION", titles: ["dota2", "cs2"], aliases: ["Team PARIVISION"] },
    // League of Legends.
    {
      name: "Gen.G",
      titles: ["lol", "valorant"],
      aliases: ["Gen.G Esports", "GenG"],
      sides: [{ name: "Gen.G Global Academy" }],
    },
    {
      name: "T1",
      titles: ["lol", "valorant"],
      sides: [{ name: "T1 Academy", aliases: ["T1 Esports Academy"] }],
    },
    {
      name: "Dplus KIA",
      titles: ["lol"],
      aliases: ["DK", "Dplus", { name: "DWG KIA", until: "2023-01-01" }],
    },
    { name: "Hanwha Life Esports", titles: ["lol"], aliases: ["HLE", "Hanwha Life"] },
    { name: "KT Rolster", titles: ["lol"], aliases: ["KT"] },
    { name: "BNK FEARX", titles: ["lol"], aliases: ["FearX", "FOX"] },
    {
      name: "Bilibili Gaming",
      titles: ["lol"],
      aliases: ["BLG"],
      sides: [{ name: "Bilibili Gaming Junior", aliases: ["BLG Junior"] }],
    },
    { name: "JD Gaming", titles: ["lol"], aliases: ["JDG", "Beijing JDG Esports"] },
    { name: "Weibo Gaming", titles: ["lol"], aliases: ["WBG"] },
    { name: "Top Esports", titles: ["lol"], aliases: ["TES"] },
    { name: "Anyone's Legend", titles: ["lol"], aliases: ["AL"] },
    // Valorant.
    { name: "Paper Rex", titles: ["valorant"], aliases: ["PRX"] },
    { name: "Sentinels", titles: ["valorant"], aliases: ["SEN"] },
    {
      name: "Leviatán",
      titles: ["valorant"],
      aliases: ["LEV", "Leviatán Esports"],
      sides: [{ name: "Leviatán Academy" }],
    },
    {
      name: "DRX",
      titles: ["valorant", "lol"],
      sides: [{ name: "DRX Academy" }],
    },
  ],
};
