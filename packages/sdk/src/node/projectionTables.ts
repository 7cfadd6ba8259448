/** The version of the tables: a database of another one is made anew. */
export const PROJECTION_VERSION = 1;

/**
 * The tables of a journal's projection. Times are Unix milliseconds as received; prices are in 1/10,000 dollar, shares and dollars in
 * millionths, as whole numbers, so that sums are exact. The views have dollars and shares as decimals.
 */
export const PROJECTION_TABLES = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE runs (
  run_id TEXT PRIMARY KEY, mode TEXT NOT NULL, account TEXT, recovers TEXT, started_at REAL NOT NULL, last_at REAL NOT NULL,
  lines INTEGER NOT NULL, ended INTEGER NOT NULL, clean INTEGER NOT NULL,
  cash INTEGER NOT NULL, realized INTEGER NOT NULL, unrealized INTEGER NOT NULL, fees INTEGER NOT NULL
) STRICT;
CREATE TABLE strategies (strategy_id TEXT PRIMARY KEY, class TEXT NOT NULL, params TEXT NOT NULL) STRICT;
CREATE TABLE matches (
  match_id TEXT PRIMARY KEY, title TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL, best_of INTEGER NOT NULL, at REAL NOT NULL
) STRICT;
CREATE TABLE claims (
  seq INTEGER PRIMARY KEY, at REAL NOT NULL, match_id TEXT NOT NULL, source TEXT NOT NULL, tier TEXT NOT NULL, kind TEXT NOT NULL,
  claim TEXT NOT NULL
) STRICT;
CREATE TABLE markets (
  market_id TEXT PRIMARY KEY, title TEXT NOT NULL, match_id TEXT, first TEXT NOT NULL, second TEXT NOT NULL, status TEXT NOT NULL,
  halted_by TEXT NOT NULL, realized INTEGER NOT NULL, unrealized INTEGER NOT NULL, fees INTEGER NOT NULL
) STRICT;
CREATE TABLE positions (
  market_id TEXT NOT NULL, outcome INTEGER NOT NULL, name TEXT NOT NULL, matched INTEGER NOT NULL, settled INTEGER NOT NULL,
  cost INTEGER NOT NULL, PRIMARY KEY (market_id, outcome)
) STRICT;
CREATE TABLE orders (
  intent_id TEXT PRIMARY KEY, order_id TEXT, seq INTEGER NOT NULL, at REAL NOT NULL, strategy_id TEXT NOT NULL, market_id TEXT NOT NULL,
  outcome INTEGER NOT NULL, side TEXT NOT NULL, type TEXT NOT NULL, purpose TEXT NOT NULL, price INTEGER NOT NULL, size INTEGER NOT NULL,
  reason TEXT NOT NULL, edge REAL, status TEXT NOT NULL, matched INTEGER NOT NULL, code TEXT, detail TEXT, last_at REAL NOT NULL
) STRICT;
CREATE INDEX orders_by_hash ON orders (order_id);
CREATE TABLE fills (
  trade_id TEXT NOT NULL, order_id TEXT NOT NULL, intent_id TEXT, seq INTEGER NOT NULL, at REAL NOT NULL, market_id TEXT NOT NULL,
  outcome INTEGER NOT NULL, side TEXT NOT NULL, price INTEGER NOT NULL, size INTEGER NOT NULL, cost INTEGER NOT NULL, fee INTEGER NOT NULL,
  liquidity TEXT NOT NULL, status TEXT NOT NULL, last_at REAL NOT NULL, PRIMARY KEY (order_id, trade_id)
) STRICT;
CREATE TABLE denials (
  seq INTEGER NOT NULL, at REAL NOT NULL, intent_id TEXT NOT NULL, strategy_id TEXT NOT NULL, market_id TEXT NOT NULL, code TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE TABLE skips (
  strategy_id TEXT NOT NULL, market_id TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, last TEXT
) STRICT;
CREATE TABLE transitions (
  seq INTEGER NOT NULL, at REAL NOT NULL, machine TEXT NOT NULL, subject TEXT NOT NULL, market_id TEXT, match_id TEXT,
  from_state TEXT NOT NULL, to_state TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TABLE alarms (
  seq INTEGER NOT NULL, at REAL NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, market_id TEXT, strategy_id TEXT
) STRICT;
CREATE TABLE operators (seq INTEGER PRIMARY KEY, at REAL NOT NULL, operator TEXT NOT NULL, kind TEXT NOT NULL, command TEXT NOT NULL) STRICT;
CREATE VIEW halts AS
  SELECT seq, at, market_id, to_state = 'HALT' AS halted, reason FROM transitions
  WHERE machine = 'trading' AND (to_state = 'HALT' OR from_state = 'HALT');
CREATE VIEW fills_usd AS
  SELECT datetime(at / 1000, 'unixepoch') AS time, market_id, outcome, side, price / 1e4 AS price, size / 1e6 AS shares, cost / 1e6 AS cost,
  fee / 1e6 AS fee, liquidity, status, order_id, trade_id FROM fills;
CREATE VIEW orders_usd AS
  SELECT datetime(at / 1000, 'unixepoch') AS time, strategy_id, market_id, outcome, side, type, purpose, price / 1e4 AS price,
  size / 1e6 AS shares, matched / 1e6 AS matched, status, code, reason, intent_id, order_id FROM orders;
`;
