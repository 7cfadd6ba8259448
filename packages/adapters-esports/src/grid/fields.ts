import { plain, type KnownFields } from "../common/fields.ts";

/*
 * Fields that transactions and series states are known to have, used or not: any other is counted as drift. Players, the states
 * of single actors and what hangs on them have hundreds of fields that no claim is made of: they are not looked into.
 */

const counts = plain(
  ...["kills", "deaths", "headshots", "teamHeadshots", "teamkills", "selfkills", "multikills", "firstKill"],
  ...["killAssistsGiven", "killAssistsReceived", "killAssistsReceivedFromPlayer"],
  ...["teamkillAssistsGiven", "teamkillAssistsReceived", "teamkillAssistsReceivedFromPlayer"],
  ...["weaponKills", "weaponTeamkills", "unitKills", "structuresDestroyed", "structuresCaptured"],
  ...["damageDealt", "damageTaken", "teamdamageDealt", "teamdamageTaken"],
  ...["selfdamageDealt", "selfdamageTaken", "experiencePoints", "moneyDifference"],
);

const team: KnownFields = {
  ...counts,
  ...plain("id", "name", "side", "score", "won", "winType", "statePath", "players"),
  ...plain("money", "netWorth", "inventoryValue", "loadoutValue"),
  objectives: plain("id", "type", "completionCount", "statePath"),
};

const game: KnownFields = {
  ...plain("id", "sequenceNumber", "started", "finished", "paused", "startedAt", "duration", "map"),
  ...plain("statePath", "structures", "nonPlayerCharacters", "draftActions", "externalLinks"),
  clock: plain("id", "type", "ticking", "ticksBackwards", "currentSeconds", "updatedAt"),
  teams: team,
  segments: {
    ...plain("id", "type", "sequenceNumber", "started", "finished", "statePath", "draftActions", "segments"),
    teams: team,
  },
};

const series: KnownFields = {
  ...plain("id", "version", "valid", "updatedAt", "format", "title", "started", "startedAt", "finished"),
  ...plain("duration", "draftActions", "externalLinks"),
  teams: team,
  games: game,
};

const party = plain("type", "id", "stateDelta", "state");

/** Fields of a transaction. */
export const GRID_FIELDS: KnownFields = {
  ...plain("id", "correlationId", "occurredAt", "publishedAt", "seriesId"),
  ...plain("sequenceNumber", "sessionSequenceNumber"),
  events: {
    ...plain("id", "type", "action", "includesFullState", "revertedEventId"),
    actor: party,
    target: party,
    seriesStateDelta: series,
    seriesState: series,
  },
};
