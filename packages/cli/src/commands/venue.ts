import { runVenue, venueLine, type RunningVenue, type VenueFlags } from "@matchpoint/paper-venue";
import { listenForInterrupt } from "../interrupt.ts";
import { EXIT, type ExitCode, type Io } from "../io.ts";
import { plain, plural } from "../report/format.ts";
import { table, type Column } from "../report/table.ts";

/** Options of `venue`. */
export interface VenueVerbFlags extends VenueFlags {
  readonly json?: boolean;
}

/**
 * `matchpoint venue`: serves a local venue that speaks Polymarket's protocol, until Ctrl-C.
 *
 * @throws `MatchpointError` `USAGE`; `FEED_CONNECTION` when the port is taken; `FILE_NOT_FOUND` without `anvil` or the recording;
 * `RECORDING_INVALID`, `JOURNAL_CORRUPT`
 */
export async function venueCommand({ json, ...flags }: VenueVerbFlags, io: Io): Promise<ExitCode> {
  // Listened for before anything is printed: who reads it may send a signal at once.
  const interrupt = listenForInterrupt(io);
  try {
    await runVenue(flags, {
      signal: interrupt.signal,
      started: (venue) => {
        for (const line of json === true ? [venueLine(venue)] : linesOf(venue, io.columns)) io.out(line);
      },
      failed: (error) => {
        const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
        io.err(`error: the venue failed, and answered 500: ${plain(what)}`);
      },
    });
  } finally {
    interrupt.dispose();
  }
  return EXIT.OK;
}

interface Address {
  readonly what: string;
  readonly address: string | undefined;
  /** Where a client of ours is told of it. */
  readonly goes: string;
}

const ADDRESSES: readonly Column<Address>[] = [
  { title: "ADDRESS", align: "left", cell: ({ what }) => what },
  { title: "", align: "left", cell: ({ address }) => address ?? "" },
  { title: "IN A CONFIGURATION", align: "left", cell: ({ goes }) => goes },
];

const MARKETS: readonly Column<RunningVenue["markets"][number]>[] = [
  { title: "MARKET", align: "left", cell: ({ question }) => question, least: 24, middle: true },
  {
    title: "OUTCOMES",
    align: "left",
    cell: ({ tokens }) => tokens.map(({ outcome }) => outcome).join(" / "),
    least: 12,
    middle: true,
  },
  { title: "ID", align: "left", cell: ({ conditionId }) => conditionId, least: 12, middle: true },
];

function linesOf(venue: RunningVenue, columns: number): readonly string[] {
  const { clob, wsMarket, wsUser, gamma, sports, rpc, relayer, admin, chainId, markets } = venue;
  const addresses: readonly Address[] = [
    { what: "orders", address: clob, goes: "execution.clob_url, feeds.polymarket.rest_url" },
    { what: "own orders", address: wsUser, goes: "execution.user_url" },
    { what: "books", address: wsMarket, goes: "feeds.polymarket.socket_url" },
    { what: "listings", address: gamma, goes: "feeds.polymarket.gamma_url" },
    { what: "scores", address: sports, goes: "feeds.polymarket_sports.socket_url" },
    { what: "node", address: rpc, goes: `execution.rpc_urls (chain ${chainId})` },
    { what: "relayer", address: relayer, goes: "" },
    { what: "admin", address: admin, goes: "" },
  ];
  const known = addresses.filter(({ address }) => address !== undefined);
  return [
    `A local venue with ${plural(markets.length, "market")}. No money is real; Ctrl-C ends it.`,
    "",
    ...table(ADDRESSES, known, Infinity),
    "",
    ...table(MARKETS, markets, columns),
    "",
    "With --json: every address, id and token, for programs. Rehearse with it: docs/going-live.md.",
  ];
}
