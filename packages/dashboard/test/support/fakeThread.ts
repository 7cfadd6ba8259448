// A run's thread as the page sees it: serves the built page and speaks its protocol over real sockets, about a match that is made up.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { WebSocketServer, type WebSocket } from "ws";
import type {
  ActionAnswer,
  ActionRequest,
  ClientFrame,
  EquityFrame,
  HelloFrame,
  PlayFrame,
  ServerFrame,
} from "../../src/frames.ts";
import { indexAt } from "../../src/store/index.ts";
import { FakeMarket, FROM, SOURCES } from "./fakeRun.ts";
import { tablesOf } from "./fakeTables.ts";

export const TOKEN = "0123456789abcdef0123456789abcdef";

/** What the server sends with the page; the page has to work under it. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface FakeOptions {
  readonly markets?: number;
  readonly seed?: number;
  /** What the run has seen when the page comes, in seconds of its time. */
  readonly before?: number;
  readonly state?: HelloFrame["state"];
  /** Frames a second that carry one change each, instead of the thread's own pace. */
  readonly updates?: number;
  /** No page is answered from the beginning. */
  readonly deaf?: boolean;
  /** A run that has nothing to show. */
  readonly empty?: boolean;
  /** Titles and texts of somebody who means harm. */
  readonly hostile?: boolean;
  /** How a kill ends. */
  readonly kill?: "proven" | "unproven" | "silent";
  /** The ledger does not have what the parts add up to. */
  readonly broken?: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
const STEP_MS = 500;

/** A run that is served; `close` ends it. */
export class FakeThread {
  readonly markets: FakeMarket[];
  /** What the page asked for, oldest first. */
  readonly asked: ClientFrame[] = [];
  readonly ordered: {
    readonly path: string;
    readonly body: ActionRequest;
    readonly headers: IncomingMessage["headers"];
  }[] = [];
  /** While set, no page is answered. */
  deaf = false;
  /** While set, nothing is sent but what a test sends, and answers. */
  mute = false;
  readonly #options: FakeOptions;
  readonly #dist: string;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: () => "matchpoint.v1",
  });
  readonly #pages = new Map<
    WebSocket,
    { look: string | null; points: number; marks: number; lines: number; equity: number }
  >();
  readonly #timers: NodeJS.Timeout[] = [];
  #seq = 0;
  #killed = false;
  #stopped = false;
  #play: PlayFrame;
  #equity: { t: number[]; equity: number[] } = { t: [], equity: [] };

  constructor(dist: string, options: FakeOptions = {}) {
    this.#options = options;
    this.deaf = options.deaf ?? false;
    this.#dist = dist;
    this.markets = Array.from(
      { length: options.empty === true ? 0 : (options.markets ?? 20) },
      (_, i) => new FakeMarket(i, options.seed ?? 7, () => this.#seq++),
    );
    for (let s = 0; s < (options.before ?? 1_500) * 1_000; s += STEP_MS) this.#step(STEP_MS);
    const t = this.#now();
    this.#play = {
      type: "play",
      state: options.state === undefined || options.state === "growing" ? "follow" : "paused",
      t,
      seq: this.#seq,
      from: FROM,
      to: t,
      speed: 1,
    };
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on("upgrade", (request, socket, head) => {
      if (this.deaf) {
        socket.destroy();
        return;
      }
      const protocols = (request.headers["sec-websocket-protocol"] ?? "")
        .split(",")
        .map((each) => each.trim());
      this.#sockets.handleUpgrade(request, socket, head, (page) => {
        if (protocols[1] === TOKEN) this.#welcome(page);
        else page.close(4401);
      });
    });
  }

  /** Begins to listen; the address with the token. */
  async open(port = 0): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(port, "127.0.0.1", ready));
    const { updates } = this.#options;
    if (this.#options.state === undefined || this.#options.state === "growing") {
      this.#every(100, () => {
        if (updates === undefined && this.#play.state === "follow") this.#step(100);
      });
      this.#every(250, () => {
        this.#tables();
      });
      this.#every(100, () => {
        this.#charts();
      });
      this.#every(50, () => {
        this.#ladders();
      });
      if (updates !== undefined) this.#flood(updates);
    }
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/#${TOKEN}`;
  }

  /** Cuts every page off, as a lost network does. */
  cut(): void {
    for (const page of this.#pages.keys()) page.terminate();
  }

  /** Sends something to every page. */
  send(frame: ServerFrame): void {
    for (const page of this.#pages.keys()) page.send(JSON.stringify(frame));
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const page of this.#pages.keys()) page.terminate();
    this.#sockets.close();
    this.#server.closeAllConnections();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #every(ms: number, run: () => void): void {
    this.#timers.push(
      setInterval(() => {
        if (!this.mute) run();
      }, ms),
    );
  }

  /** As many frames a second as are asked for: points, books and lines, each with one change, besides the tables at their own pace. */
  #flood(updates: number): void {
    let due = performance.now();
    this.#every(5, () => {
      const now = performance.now();
      const frames = Math.floor(((now - due) / 1_000) * updates);
      due += (frames / updates) * 1_000;
      for (let i = 0; i < frames; i++) {
        if (i % 2 === 0) this.#step(1);
        if (i % 4 < 2) this.#charts();
        else if (i % 4 === 2) this.#ladders();
        else this.markets[i % this.markets.length]!.say("state", "info", `change ${String(i)}`);
        if (i % 4 === 3) for (const page of this.#pages.keys()) this.#lines(page, false);
      }
    });
  }

  #now(): number {
    return Math.max(FROM, ...this.markets.map(({ t }) => t));
  }

  #step(ms: number): void {
    for (const market of this.markets) market.step(ms);
    const t = this.#now();
    if (this.#equity.t.length === 0 || t - this.#equity.t.at(-1)! >= 1_000) {
      this.#equity.t.push(t);
      this.#equity.equity.push(1_000_000_000 + this.markets.reduce((sum, { pnl }) => sum + pnl, 0));
    }
  }

  #hello(): HelloFrame {
    const t = this.#now();
    const state = this.#options.state ?? "growing";
    const markets = this.markets.map((market) => market.name());
    if (this.#options.hostile === true && markets[0] !== undefined) {
      const evil = '<img src=x onerror="window.harmed=1">\u202eevil\u0007\u200b';
      markets[0] = { ...markets[0], label: evil, title: evil, outcomes: [evil, "javascript:alert(1)"] };
    }
    return {
      type: "hello",
      version: 1,
      run: "demo-2026-11-21",
      mode: "paper",
      state,
      controls: state === "growing",
      from: FROM,
      to: t,
      journal: "demo-2026-11-21.jsonl",
      strategies: [{ id: "temporal-arb", use: "temporal-arb" }],
      realism: { parts: 14, off: ["latency", "ghost fills"], weakened: ["restarts (down 1 s)"] },
      markets,
      sources: SOURCES,
      lacks: [],
    };
  }

  #welcome(page: WebSocket): void {
    this.#pages.set(page, { look: null, points: 0, marks: 0, lines: 0, equity: 0 });
    page.on("close", () => this.#pages.delete(page));
    page.on("message", (data: Buffer) => {
      this.#hear(page, JSON.parse(data.toString()) as ClientFrame);
    });
    const say = (frame: ServerFrame): void => page.send(JSON.stringify(frame));
    say(this.#hello());
    say(this.#play);
    this.#tables();
    this.#lines(page, true);
    this.#charts();
  }

  #hear(page: WebSocket, frame: ClientFrame): void {
    this.asked.push(frame);
    const seen = this.#pages.get(page)!;
    const { from, to } = this.#play;
    switch (frame.type) {
      case "look":
        Object.assign(seen, { look: frame.market, points: 0, marks: 0 });
        this.#charts();
        this.#ladders();
        return;
      case "search": {
        const lines = this.markets
          .flatMap((market) => market.log)
          .filter(({ text }) => text.toLowerCase().includes(frame.text.toLowerCase()));
        const hits = lines.sort((a, b) => b.seq - a.seq).slice(0, 100);
        page.send(
          JSON.stringify({
            type: "found",
            id: frame.id,
            hits: hits.map(({ seq, t, kind, text, market }) => ({ seq, t, event: kind, text, market })),
            more: lines.length > 100,
            done: 1,
          }),
        );
        return;
      }
      case "follow":
        this.#move({ state: "follow", t: to });
        return;
      case "play":
        this.#move({ state: "playing" });
        return;
      case "pause":
        this.#move({ state: "paused" });
        return;
      case "speed":
        this.#move({ speed: frame.speed });
        return;
      case "seek":
        this.#move({ state: "paused", t: frame.t });
        return;
      case "seek_seq": {
        const line = this.markets.flatMap((market) => market.log).find(({ seq }) => seq === frame.seq);
        this.#move({ state: "paused", t: line?.t ?? from });
        return;
      }
      case "step": {
        const marks = this.markets[0]!.marks.filter(({ kind }) => frame.to === "event" || kind === frame.to);
        const next =
          frame.back === true
            ? marks.findLast(({ t }) => t < this.#play.t)
            : marks.find(({ t }) => t > this.#play.t);
        if (next !== undefined) this.#move({ state: "paused", t: next.t });
        return;
      }
    }
  }

  #move(to: Partial<PlayFrame>): void {
    this.#play = { ...this.#play, to: this.#now(), ...to };
    for (const seen of this.#pages.values()) Object.assign(seen, { points: 0, marks: 0 });
    this.send(this.#play);
    this.#tables();
    this.#charts();
  }

  #tables(): void {
    const tables = tablesOf(this.markets, this.#killed, this.#stopped, this.#options.broken);
    this.send(this.#play.state === "follow" ? tables : { ...tables, t: this.#play.t });
    if (this.#play.state === "follow")
      this.send({ ...this.#play, t: this.#now(), to: this.#now(), seq: this.#seq });
    for (const page of this.#pages.keys()) {
      this.#lines(page, false);
      this.#account(page);
    }
  }

  #lines(page: WebSocket, whole: boolean): void {
    const seen = this.#pages.get(page)!;
    const lines = this.markets.flatMap((market) =>
      market.log.filter(({ seq }) => whole || seq >= seen.lines),
    );
    lines.sort((a, b) => a.seq - b.seq);
    if (whole || lines.length > 0)
      page.send(JSON.stringify({ type: "log", whole, lines: lines.slice(-500) }));
    seen.lines = this.#seq;
  }

  #account(page: WebSocket): void {
    const seen = this.#pages.get(page)!;
    const { t, equity } = this.#equity;
    if (t.length === seen.equity) return;
    let highest = 0;
    const drawdown = equity.map((value) => (highest = Math.max(highest, value)) - value).slice(seen.equity);
    const cut = equity.slice(seen.equity);
    const frame: EquityFrame = {
      type: "equity",
      from: seen.equity,
      points: {
        t: t.slice(seen.equity),
        equity: cut,
        drawdown,
        realized: cut.map((v) => Math.round((v - 1_000_000_000) * 0.6)),
        exposure: cut.map(() => 200_000_000),
      },
    };
    page.send(JSON.stringify(frame));
    seen.equity = t.length;
  }

  #charts(): void {
    for (const [page, seen] of this.#pages) {
      const market = this.markets.find(({ id }) => id === seen.look);
      if (market === undefined) continue;
      const until = this.#play.state === "follow" ? market.t : this.#play.t;
      const length = indexAt(market.points.t, until) + 1;
      if (length === seen.points && seen.points !== 0) continue;
      page.send(JSON.stringify(market.chart(seen.points, seen.marks, length)));
      seen.points = length;
      seen.marks = market.marks.filter(({ t }) => t <= until).length;
    }
  }

  #ladders(): void {
    for (const [page, seen] of this.#pages) {
      const market = this.markets.find(({ id }) => id === seen.look);
      if (market !== undefined)
        page.send(JSON.stringify({ ...market.ladder(), ...(this.#killed ? { own: [] } : {}) }));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (path.startsWith("/api/")) {
      await this.#order(path, request, response);
      return;
    }
    const file = path === "/" ? "index.html" : path.slice(1);
    try {
      const bytes = await readFile(join(this.#dist, file));
      response.writeHead(200, {
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  async #order(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const reply = (status: number, value: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    if (
      request.headers.authorization !== `Bearer ${TOKEN}` ||
      request.headers["x-matchpoint-control"] !== "1"
    ) {
      reply(403, { error: "this request is not the page's own" });
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ActionRequest;
    this.ordered.push({ path, body, headers: request.headers });
    const action = path.slice("/api/".length) as ActionAnswer["action"];
    if (action === "kill" && this.#options.kill === "silent") {
      request.socket.destroy();
      return;
    }
    const proven = this.#options.kill !== "unproven";
    if (action === "kill") this.#killed = true;
    if (action === "stop-entry") this.#stopped = true;
    const open = this.markets.filter((market) => market.row().openOrders > 0).slice(0, 4);
    const answer: ActionAnswer = {
      id: body.id,
      action,
      ok: action !== "kill" || proven,
      text:
        action !== "kill"
          ? "the run has been told"
          : proven
            ? "every order is cancelled, and it is proven that none is open"
            : "2 orders are not proven to be gone",
      orders:
        action === "stop-entry"
          ? []
          : open.map((market, i) => ({
              intent: `i-${String(i)}`,
              order: `0x9f${String(i)}c41`,
              market: market.id,
              label: market.label,
              side: "buy",
              outcome: (i % 2) as 0 | 1,
              price: 4_700,
              rest: 50_000_000,
              result: !proven && i === 1 ? "unknown" : i === 2 ? "filled" : "cancelled",
            })),
      ...(action === "kill" ? { ms: 412 } : {}),
    };
    setTimeout(() => {
      this.send({ type: "done", answer });
      reply(proven ? 200 : 504, answer);
    }, 150);
  }
}
