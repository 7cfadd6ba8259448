import type { Entry } from "./harness.ts";

/** A ratio that is reported: the rate of one entry over that of another. */
export interface Goal {
  readonly key: string;
  readonly of: string;
  readonly over: string;
  /** At least this; absent: only reported. */
  readonly atLeast?: number;
}

/** Contestants that are measured against each other in one go. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly rounds: number;
  readonly entries: readonly Entry[];
  readonly goals: readonly Goal[];
}

const ingest = (name: string, setup: string): Entry => ({ name, module: "ingest", setup });
const peer = (name: string, setup: string, module = "peers"): Entry => ({ name, module, setup, peer: true });

export const SUITES: readonly Suite[] = [
  {
    name: "ingest",
    title: "Frame from the venue → book → strategy",
    unit: "messages",
    rounds: 7,
    entries: [
      ingest("JSON.parse (text)", "parseText"),
      ingest("JSON.parse (bytes)", "parseBytes"),
      ingest("decoder + book + call", "book"),
      ingest("decoder + runtime + onBook", "core"),
      peer("pmxt-core, handlers only", "pmxtHandlers"),
      peer("pmxt-core", "pmxt"),
      peer("ccxt", "ccxt"),
      peer("@polymarket/client, no book", "official1"),
      peer("@polymarket/client, 20 subscriptions", "official20"),
      peer("@nevuamarkets/poly-websockets", "nevua"),
    ],
    goals: [
      { key: "book_vs_json_text", of: "decoder + book + call", over: "JSON.parse (text)", atLeast: 2 },
      {
        key: "runtime_vs_json_text",
        of: "decoder + runtime + onBook",
        over: "JSON.parse (text)",
        atLeast: 2,
      },
      { key: "runtime_vs_json_bytes", of: "decoder + runtime + onBook", over: "JSON.parse (bytes)" },
      {
        key: "runtime_vs_pmxt_handlers",
        of: "decoder + runtime + onBook",
        over: "pmxt-core, handlers only",
        atLeast: 3,
      },
      { key: "runtime_vs_pmxt", of: "decoder + runtime + onBook", over: "pmxt-core", atLeast: 3 },
      { key: "runtime_vs_ccxt", of: "decoder + runtime + onBook", over: "ccxt", atLeast: 5 },
      {
        key: "runtime_vs_official",
        of: "decoder + runtime + onBook",
        over: "@polymarket/client, no book",
        atLeast: 5,
      },
      {
        key: "runtime_vs_official_20",
        of: "decoder + runtime + onBook",
        over: "@polymarket/client, 20 subscriptions",
      },
      {
        key: "runtime_vs_nevua",
        of: "decoder + runtime + onBook",
        over: "@nevuamarkets/poly-websockets",
        atLeast: 8,
      },
    ],
  },
  {
    name: "replay",
    title: "Recording on disk, played",
    unit: "lines",
    rounds: 5,
    entries: [
      { name: "JSON.parse of each line", module: "replay", setup: "parseLines" },
      { name: "replay, everything on", module: "replay", setup: "everythingOn" },
      { name: "replay, no journal", module: "replay", setup: "noJournal" },
    ],
    goals: [
      { key: "replay_vs_json", of: "replay, everything on", over: "JSON.parse of each line", atLeast: 2 },
      { key: "replay_no_journal_vs_json", of: "replay, no journal", over: "JSON.parse of each line" },
    ],
  },
  {
    name: "book",
    title: "Level updates, decoded already",
    unit: "levels",
    rounds: 7,
    entries: [
      { name: "MarketBook, 50 levels an event", module: "book", setup: "oursBulk" },
      { name: "MarketBook, 1 level an event", module: "book", setup: "ours" },
      peer("ccxt order book side", "ccxt", "book"),
      peer("pmxt-core handler", "pmxt", "book"),
    ],
    goals: [
      {
        key: "book_vs_ccxt",
        of: "MarketBook, 50 levels an event",
        over: "ccxt order book side",
        atLeast: 10,
      },
      { key: "book_vs_pmxt", of: "MarketBook, 50 levels an event", over: "pmxt-core handler", atLeast: 50 },
      { key: "book_single_vs_ccxt", of: "MarketBook, 1 level an event", over: "ccxt order book side" },
      { key: "book_single_vs_pmxt", of: "MarketBook, 1 level an event", over: "pmxt-core handler" },
    ],
  },
  {
    name: "dispatch",
    title: "Event to its handler",
    unit: "events",
    rounds: 7,
    entries: [
      { name: "direct call", module: "dispatch", setup: "direct" },
      { name: "bus, in and out", module: "dispatch", setup: "bus" },
      { name: "node:events", module: "dispatch", setup: "emitter" },
    ],
    goals: [
      { key: "bus_vs_direct", of: "bus, in and out", over: "direct call", atLeast: 0.5 },
      { key: "bus_vs_node_events", of: "bus, in and out", over: "node:events" },
    ],
  },
  {
    name: "journal",
    title: "Market data appended to a file",
    unit: "lines",
    rounds: 5,
    entries: [
      { name: "journal", module: "journal", setup: "ours" },
      { name: "journal, durable every 1,000", module: "journal", setup: "oursDurable" },
      { name: "createWriteStream", module: "journal", setup: "stream" },
      { name: "node:sqlite FULL, 1,000 a transaction", module: "journal", setup: "sqlite" },
    ],
    goals: [
      { key: "journal_vs_stream", of: "journal", over: "createWriteStream", atLeast: 8 },
      {
        key: "journal_durable_vs_sqlite",
        of: "journal, durable every 1,000",
        over: "node:sqlite FULL, 1,000 a transaction",
        atLeast: 4,
      },
    ],
  },
  {
    name: "sign",
    title: "An order's amounts, hash, signature and body",
    unit: "orders",
    rounds: 7,
    entries: [
      { name: "native curve", module: "sign", setup: "native" },
      { name: "WebAssembly curve", module: "sign", setup: "wasm" },
      { name: "JavaScript curve", module: "sign", setup: "pure" },
      { name: "ethers wallet behind the port", module: "sign", setup: "ethers" },
      { name: "clob-client-v2 createOrder, caches warm", module: "sign", setup: "official" },
    ],
    goals: [
      {
        key: "sign_native_vs_official",
        of: "native curve",
        over: "clob-client-v2 createOrder, caches warm",
        atLeast: 12,
      },
      {
        key: "sign_wasm_vs_official",
        of: "WebAssembly curve",
        over: "clob-client-v2 createOrder, caches warm",
        atLeast: 4.5,
      },
      {
        key: "sign_pure_vs_official",
        of: "JavaScript curve",
        over: "clob-client-v2 createOrder, caches warm",
      },
    ],
  },
  {
    name: "headers",
    title: "The headers of a request that acts for an account",
    unit: "requests",
    rounds: 7,
    entries: [
      { name: "createL2Auth", module: "sign", setup: "headers" },
      { name: "clob-client-v2 createL2Headers", module: "sign", setup: "officialHeaders" },
    ],
    goals: [
      {
        key: "headers_vs_official",
        of: "createL2Auth",
        over: "clob-client-v2 createL2Headers",
        atLeast: 15,
      },
    ],
  },
];
