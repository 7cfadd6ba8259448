/** A command line, what its process ends with, and what it says. */
export type Case = readonly [line: string, code: number, says: RegExp];
/** A test that proves an exit code through a process. */
type Place = readonly [file: string, line: RegExp];
/** What is proven of a verb. */
export interface Verb {
  /** All that its process may end with. */
  readonly ends: readonly number[];
  /** In a folder where no run is under way. */
  readonly alone?: readonly Case[];
  /** In a folder with a run, one after the other. */
  readonly beside?: readonly Case[];
  /** Beside a run whose process stands still. */
  readonly frozen?: readonly Case[];
  readonly elsewhere?: Readonly<Record<number, Place>>;
}

const NO_JOURNAL = /^error: there is no journal nope\.jsonl\n {2}\S/;
const CHANGED = /^error: changed\.jsonl: line 40, byte \d+: .*\n {2}\S[^]*JOURNAL_CORRUPT/;
const BROKEN =
  /^error: 2 problems\n {2}broken\.yaml:1:7 mode: .*did you mean paper\?\n {2}broken\.yaml:2:9 risk\.max_order_usd: .*did you mean max_order_usdc\?/;
const NOBODY = ["--dir", "idle"].join(" ");
const NO_FOLDER =
  /^error: there is no folder nowhere: no run was ever started from here\n {2}Go to the folder/;
const NOTHING_STOPPED = new RegExp(`${NO_FOLDER.source}.*NOTHING WAS STOPPED`);
const WRONG_OPTION = /^error: unknown option '--nonsense'/;
const NO_KEY =
  /^error: there is no private key\n {2}Set the environment variable MATCHPOINT_PRIVATE_KEY[^]*CREDENTIALS_INVALID/;
const NO_GAMES = /^error: nope: there is no such folder\n {2}Name the folder that holds the lol games/;
const WHY = '--reason "a look"';

/** Every verb of the program. What needs a venue, a chain or much time is proven elsewhere; then the place is named. */
export const VERBS: Readonly<Record<string, Verb>> = {
  demo: {
    ends: [0, 1, 2],
    alone: [
      [
        "demo --speed max --journal bot.yaml/j.jsonl",
        1,
        /^error: j\.jsonl: .*cannot[^]*JOURNAL_WRITE_FAILED/,
      ],
      ["demo --config broken.yaml", 2, BROKEN],
    ],
    elsewhere: { 0: ["demo.test.ts", /bot\(\["demo", \.\.\.FAST, "--json"\]/] },
  },
  run: {
    ends: [0, 1, 2, 3, 70],
    alone: [
      [
        "run --config bot.yaml --live",
        2,
        /--live was given, but bot\.yaml says mode: paper\n {2}Set mode: live/,
      ],
      ["run --config live.yaml --live", 3, /time\.enabled is false: the clock was not compared\n {2}\S/],
    ],
    elsewhere: {
      0: ["run.test.ts", /bot\(\["run", "--config", config, "--for", "2"/],
      1: ["live.test.ts", /an error that nobody caught ends the run[^]*?toBe\(1\)/],
      70: ["../control/hang.test.ts", /the run ended with exit code 70; it is started again/],
    },
  },
  replay: {
    ends: [0, 1, 2, 3],
    alone: [
      ["replay rec.jsonl --strategy pair-arb --no-journal", 0, /^PAPER: replay of the recording rec\.jsonl/],
      ["replay cut.jsonl --no-journal", 1, /cut\.jsonl is truncated: .*\n.*--allow-truncated/],
      ["replay nope.jsonl", 2, /^error: no such file or folder: nope\.jsonl\n {2}Check the path/],
      ["replay changed.jsonl --no-journal", 3, CHANGED],
    ],
  },
  backtest: {
    ends: [0, 1, 2],
    alone: [
      [
        "backtest cut.jsonl --workers 1 --strategy pair-arb",
        1,
        /^error: cut\.jsonl with \(defaults\): .*truncated.*\(RECORDING_INVALID\)\n {2}.*--allow-truncated/,
      ],
      ["backtest rec.jsonl --config broken.yaml", 2, BROKEN],
    ],
    elsewhere: { 0: ["study.test.ts", /bot\(\[\.\.\.args, "--workers", "2"\]/] },
  },
  sweep: {
    ends: [0, 1, 2],
    alone: [
      [
        "sweep rec.jsonl --workers 1 --strategy pair-arb --set clip_shares=5,10",
        0,
        /^clip_shares +ORDERS[^]*Warning: 2 combinations/m,
      ],
      [
        "sweep cut.jsonl --workers 1 --strategy pair-arb --set clip_shares=5,10",
        1,
        /^error: clip_shares=5: .*\nerror: clip_shares=10: .*truncated.*\n {2}.*--allow-truncated[^\n]*\s/,
      ],
      [
        "sweep rec.jsonl --strategy pair-arb",
        2,
        /^error: nothing is swept\n {2}Give a parameter several values/,
      ],
    ],
  },
  watch: {
    ends: [0, 2, 3, 4],
    alone: [
      ["watch nope.jsonl", 2, NO_JOURNAL],
      [`watch ${NOBODY}`, 4, /^No run is under way here\. Name a journal: watch runs\//],
    ],
    beside: [["watch --once", 0, /^PAPER .*venue/]],
    elsewhere: { 3: ["inspect.test.ts", /watching\.ended;\n.*toBe\(3\)/] },
  },
  kill: {
    ends: [0, 1, 2, 3, 4],
    alone: [
      ["kill --dir nowhere", 2, NOTHING_STOPPED],
      ["kill --dir kept", 1, /stop-live\.json: what is stopped cannot be kept: EISDIR/],
      [
        "kill --dir idle5 --config live.yaml",
        3,
        /it is not proven that no order is open\. Look at Open orders/,
      ],
      [
        "kill --dir idle2",
        4,
        /^No run is found in idle2: there is nothing to cancel\.\nKept in .*HALTED until `.*resume/,
      ],
    ],
    beside: [[`kill ${WHY}`, 0, /no order is open/]],
  },
  "stop-entry": {
    ends: [0, 1, 2, 3, 4],
    alone: [
      ["stop-entry --dir nowhere", 2, NOTHING_STOPPED],
      ["stop-entry --dir kept", 1, /what is stopped cannot be kept[^]*JOURNAL_WRITE_FAILED/],
      [
        "stop-entry --dir idle3",
        4,
        /^No run is found in idle3\. It is kept: the next start begins with it\./,
      ],
    ],
    beside: [[`stop-entry ${WHY}`, 0, /entries stopped/]],
    frozen: [["stop-entry", 3, /has not heard it yet; `matchpoint kill` ends a run that hangs/]],
  },
  halt: {
    ends: [0, 1, 2, 3, 4],
    alone: [
      ["halt --dir nowhere", 2, NOTHING_STOPPED],
      ["halt --dir kept", 1, /what is stopped cannot be kept[^]*JOURNAL_WRITE_FAILED/],
      ["halt --dir idle4", 4, /^No run is found in idle4\. It is kept/],
    ],
    beside: [
      [`halt 0xm ${WHY}`, 0, /0xm is halted/],
      ["halt LoL", 3, /^warning: run-\S+ \(paper\) has no market LoL: NOTHING IS HALTED in it\./],
    ],
    frozen: [["halt", 3, /has not heard it yet; `matchpoint kill` ends a run that hangs/]],
  },
  resume: {
    ends: [0, 2, 3, 4],
    alone: [
      [`resume ${NOBODY}`, 2, /^error: resume needs a reason\n {2}Say what was found.*--reason/],
      [`resume ${NOBODY} --mode paper --reason mended`, 4, /^No run is found in idle/],
    ],
    beside: [
      [`resume 0xm --mode paper ${WHY}`, 0, /0xm/],
      [
        `resume LoL --mode paper ${WHY}`,
        3,
        /^warning: run-\S+ \(paper\) has no market LoL: NOTHING IS RESUMED in it/,
      ],
    ],
    frozen: [
      [
        "resume 0xm --mode paper --reason mended",
        3,
        /has not heard it yet; `matchpoint kill` ends a run that hangs/,
      ],
    ],
  },
  status: {
    ends: [0, 2, 3, 4],
    alone: [
      ["status --dir nowhere", 2, new RegExp(`${NO_FOLDER.source}(?!.*STOPPED)`)],
      [`status ${NOBODY}`, 4, /^No run is found in idle\./],
    ],
    beside: [["status", 0, /^run-\S+[^]*^ {2}Realism: \d+ of 14 parts OFF: latency, .*not in the P&L$/m]],
    frozen: [["status", 3, /DOES NOT ANSWER at/]],
  },
  truth: {
    ends: [0, 2, 3, 4],
    alone: [
      ["truth show x", 2, /^error: unknown action: truth show\n {2}There is: truth state FACT/],
      [`truth state t1-geng series started ${NOBODY}`, 4, /^No run is found in idle; nothing was kept\./],
    ],
    beside: [["truth state t1-geng series started", 0, /^run-\S+ \(paper\): /]],
    frozen: [["truth state t1-geng game 1 started", 3, /has not taken it; `matchpoint kill` ends/]],
  },
  why: {
    ends: [0, 2, 3, 4],
    alone: [
      ["why Match runs/one.journal.jsonl", 0, /^Match: /],
      [
        "why nope runs/one.journal.jsonl",
        2,
        /^error: no market of the run is called "nope"\n {2}Name one: Match \(/,
      ],
      ["why Match changed.jsonl", 3, CHANGED],
      [`why Match ${NOBODY}`, 4, /^No run is under way here\. Name a journal: why MARKET runs\//],
    ],
  },
  report: {
    ends: [0, 2, 3],
    elsewhere: {
      0: ["report.test.ts", /report\("one", "--json"\);\n.*toBe\(0\)/],
      2: ["report.test.ts", /report\("two"\);\n.*toBe\(2\)/],
      3: ["report.test.ts", /report\("changed\.jsonl", "--json"\);\n.*toBe\(3\)/],
    },
  },
  verify: {
    ends: [0, 2, 3],
    alone: [
      ["verify runs/one.journal.jsonl", 0, /events decide the same/],
      ["verify nope.jsonl", 2, NO_JOURNAL],
      ["verify changed.jsonl", 3, CHANGED],
    ],
  },
  query: {
    ends: [0, 2, 3],
    alone: [
      ['query runs/one.journal.jsonl "select count(*) as n from orders" --json', 0, /"n":\d+/],
      ['query runs/one.journal.jsonl "selekt 1"', 2, /^error: .*selekt/],
      ["query changed.jsonl", 3, CHANGED],
    ],
  },
  dashboard: {
    ends: [0, 2, 3, 4],
    alone: [
      ["dashboard nope.jsonl", 2, NO_JOURNAL],
      ["dashboard changed.jsonl", 3, CHANGED],
      [`dashboard ${NOBODY}`, 4, /^No run is under way here\. Start one with --dashboard/],
    ],
    elsewhere: { 0: ["dashboard.test.ts", /shown\.ended\)\.code\)\.toBe\(0\)/] },
  },
  "paper-check": {
    ends: [0, 2, 3],
    alone: [
      [
        "paper-check runs/one.journal.jsonl",
        2,
        /is the journal of a paper run: .*\n {2}Name the journal of a live run/,
      ],
      ["paper-check cut.jsonl", 3, /^error: cut\.jsonl: line 1, byte 0[^]*JOURNAL_CORRUPT/],
    ],
    elsewhere: { 0: ["liveChain.test.ts", /await bot\(\["paper-check"/] },
  },
  init: {
    ends: [0, 2],
    alone: [["init bot.yaml", 2, /^error: bot\.yaml is there already.*\n {2}Name another file/]],
    elsewhere: { 0: ["init.test.ts", /bot\(\["init", "--games"/] },
  },
  record: {
    ends: [0, 2],
    alone: [
      [
        "record --config bot.yaml --out r.jsonl",
        2,
        /^error: bot\.yaml names no feed: .*\n {2}Add one under feeds/,
      ],
      ["record --config broken.yaml --out r.jsonl", 2, BROKEN],
    ],
    elsewhere: { 0: ["record.test.ts", /bot\(\[\.\.\.record, "--for"/] },
  },
  import: {
    ends: [0, 1, 2],
    alone: [
      ["import market-ws-jsonl ws.jsonl --mapping map.yaml --out made.jsonl", 0, /made\.jsonl/],
      ["import market-ws-jsonl nope.jsonl --mapping map.yaml --out x.jsonl", 2, /^error: .*nope\.jsonl/],
      ["import market-ws-jsonl broken.yaml --mapping map.yaml --out y.jsonl", 1, /^error: /],
    ],
  },
  config: {
    ends: [0, 2],
    alone: [
      ["config check", 0, /^bot\.yaml: ok, mode paper/],
      ["config show broken.yaml", 2, BROKEN],
    ],
  },
  doctor: {
    ends: [0, 2, 3],
    alone: [
      ["doctor --only config,node", 0, /2 ok, 0 warnings, 0 failures\./],
      ["doctor --only gass", 2, /there is no check gass[^]*Did you mean gas\?/],
      ["doctor --config broken.yaml --only config", 3, /fail +config +broken\.yaml:1:7 mode/],
    ],
  },
  markets: {
    ends: [0, 2],
    alone: [
      ["markets", 0, /^Would be traded: 1 market/],
      ["markets --config broken.yaml", 2, BROKEN],
    ],
  },
  venue: {
    ends: [0, 1, 2, 3],
    alone: [
      ["venue --recording broken.yaml", 1, /^error: broken\.yaml: is neither a recording nor a journal/],
      [
        "venue --recording nope.jsonl --json",
        2,
        /"code":"FILE_NOT_FOUND","message":"there is no recording nope/,
      ],
      ["venue --recording changed.jsonl", 3, CHANGED],
    ],
    elsewhere: { 0: ["venue.test.ts", /venue\.child\.kill\("SIGINT"\);\n.*toBe\(0\)/] },
  },
  wallet: {
    ends: [0, 2, 3],
    alone: [
      [
        "wallet fly --config live.yaml",
        2,
        /^error: unknown action: wallet fly\n {2}There are: status, approve/,
      ],
      ["wallet status --config live.yaml", 2, NO_KEY],
    ],
    elsewhere: {
      0: ["liveChain.test.ts", /expect\(\(await wallet\("approve"\)\)\.code\)\.toBe\(0\)/],
      3: ["liveChain.test.ts", /\[poor\.code, poor\.err\]\)\.toEqual\(\[3, ""\]\)/],
    },
  },
  adopt: {
    ends: [0, 2, 3],
    alone: [["adopt --config live.yaml", 2, NO_KEY]],
    elsewhere: {
      0: ["liveRecover.test.ts", /await bot\(\["adopt", "--config", config, "--yes"\]/],
      3: ["liveRecover.test.ts", /await bot\(\["adopt", "--config", config, "--dry-run"/],
    },
  },
  torture: {
    ends: [0, 1, 2, 3],
    alone: [
      ["torture --only nonsense", 2, /^error: there is no fault nonsense\n {2}There are post_lost/],
      [
        "torture --strategy ./liar.ts --seeds 1 --workers 1 --out .",
        3,
        /^seed 1 failed:\n {2}I7 .*the books begin with 10001000000/m,
      ],
    ],
    elsewhere: {
      0: ["../torture/torture.test.ts", /Promise\.all\(\[bot\(args\), bot\(args\)\]\)/],
      1: ["../../packages/cli/test/torture/interrupt.test.ts", /toBe\(1\)/],
    },
  },
  "model fit": {
    ends: [0, 2],
    alone: [
      ["model fit lol games --out fitted", 0, /fitted/],
      ["model fit chess games", 2, /^error: there is no model of chess\n {2}Titles: lol/],
      ["model fit lol nope", 2, NO_GAMES],
    ],
  },
  "model evaluate": {
    ends: [0, 2],
    alone: [
      ["model evaluate lol games --json", 0, /"n":\d+/],
      ["model evaluate lol idle", 2, /^error: idle: the folder holds no \*\.jsonl/],
    ],
  },
  "model report": {
    ends: [0, 2],
    alone: [
      ["model report --out models.html", 0, /^models\.html: lol, cs2/],
      ["model report --nonsense", 2, WRONG_OPTION],
    ],
  },
  "model market": {
    ends: [0, 2],
    alone: [
      ["model market quotes --json", 0, /^\{"matches":1,"markets":1,/],
      ["model market nope", 2, /^error: no such file or folder: nope\/moneyline_markets\.csv\n {2}Check/],
    ],
  },
};
