// All names are invented; any likeness to a real organisation is chance.

/** A team with a name, a short form and five players. */
export interface TeamNames {
  readonly name: string;
  readonly acronym: string;
}

export const TEAM_NAMES: readonly TeamNames[] = [
  { name: "Ashfall", acronym: "ASH" },
  { name: "Brackwater Esports", acronym: "BRK" },
  { name: "Copper Hounds", acronym: "CPH" },
  { name: "Duskline", acronym: "DSK" },
  { name: "Eastgate Five", acronym: "EG5" },
  { name: "Fjordwolves", acronym: "FJW" },
  { name: "Glasswing", acronym: "GLW" },
  { name: "Halcyon Drift", acronym: "HCD" },
  { name: "Iron Harbor", acronym: "IHB" },
  { name: "Juniper Gaming", acronym: "JNP" },
  { name: "Kestrel Club", acronym: "KST" },
  { name: "Lanternfish", acronym: "LTF" },
  { name: "Marrow & Sons", acronym: "MAS" },
  { name: "Northmark", acronym: "NMK" },
  { name: "Oaken Shield", acronym: "OKS" },
  { name: "Pale Comet", acronym: "PLC" },
];

export const PLAYER_NAMES: readonly string[] = [
  "aldwyn",
  "brix",
  "calloway",
  "doru",
  "ember",
  "fenn",
  "gritz",
  "hollow",
  "ivo",
  "jarn",
  "kite",
  "lumo",
  "mirek",
  "nettle",
  "orin",
  "pax",
  "quill",
  "rask",
  "sorrel",
  "tarn",
  "umbra",
  "vesper",
  "wick",
  "xylo",
  "yarrow",
  "zephyr",
  "aster",
  "bolt",
  "crake",
  "dapple",
];

export const LEAGUE_NAMES: readonly string[] = [
  "Meridian League",
  "Winter Invitational",
  "Harbor Cup",
  "Continental Series",
];
