import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RateLimit } from "../../src/dashboard/guard.ts";
import { serveDashboard, type DashboardServer } from "../../src/dashboard/server.ts";

const TOKEN = "ab".repeat(32);
const OTHER = "ab".repeat(31) + "ac";
const BODY = '{"id":"a-1","reason":"it went wrong"}';

let server: DashboardServer;
let port: number;
/** Monotonic time of the server: a request a second, so that none is refused for coming too soon. */
let time = 0;
const did: string[] = [];
let opened = 0;

beforeAll(async () => {
  const html = {
    type: "text/html; charset=utf-8",
    bytes: new TextEncoder().encode("<!doctype html><p>page"),
  };
  server = await serveDashboard({
    token: TOKEN,
    port: 0,
    page: Promise.resolve(new Map([["/index.html", html]])),
    act: async (action, { id, reason, market }) => {
      did.push(`${action} ${reason} ${market ?? "*"}`);
      return { id, action, ok: reason !== "no proof", text: "done", orders: [] };
    },
    onSocket: (socket) => {
      opened += 1;
      socket.on("message", () => socket.close(1000));
    },
    now: () => (time += 10_000),
  });
  ({ port } = server);
});
afterAll(() => {
  server.close();
});

interface Headers {
  readonly [name: string]: string | readonly string[] | undefined;
}

/** Sends bytes as they are; gives what came back, and how long the connection was left open. */
function raw(
  text: string,
  pause?: { readonly from: number; readonly everyMs: number },
  to: number = port,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: to });
    let got = "";
    let timer: NodeJS.Timeout | undefined;
    socket.on("connect", () => {
      socket.write(pause === undefined ? text : text.slice(0, pause.from));
      let at = pause?.from ?? text.length;
      if (pause !== undefined)
        timer = setInterval(() => at < text.length && socket.write(text[at++]!), pause.everyMs);
    });
    socket.on("data", (chunk) => {
      got += chunk.toString("latin1");
      // A socket that was opened stays.
      if (got.startsWith("HTTP/1.1 101")) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(timer);
      resolve(got);
    });
  });
}

function request(method: string, path: string, headers: Headers, body = ""): string {
  const all: Headers = { host: `127.0.0.1:${port}`, ...headers };
  const given = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each) => `${name}: ${each}`),
  );
  const length =
    body === "" || "content-length" in headers || "transfer-encoding" in headers
      ? []
      : [`content-length: ${body.length}`];
  return `${method} ${path} HTTP/1.1\r\n${[...given, ...length].join("\r\n")}\r\n\r\n${body}`;
}

function statusOf(answer: string): number | "closed" {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  return status === undefined ? "closed" : Number(status);
}

const bearer = (token = TOKEN): Headers => ({ authorization: `Bearer ${token}` });
const ordering = (): Headers => ({
  ...bearer(),
  "x-matchpoint-control": "1",
  "content-type": "application/json",
});
const upgrading = (): Headers => ({
  connection: "Upgrade",
  upgrade: "websocket",
  origin: `http://127.0.0.1:${port}`,
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-protocol": `matchpoint.v1, ${TOKEN}`,
});

type Hostile = readonly [what: string, make: () => string, status: number | "closed"];

const get =
  (path: string, headers: () => Headers = () => ({})) =>
  () =>
    request("GET", path, headers());
const kill =
  (changes: () => Headers = () => ({}), body = BODY, path = "/api/kill", method = "POST") =>
  () =>
    request(method, path, { ...ordering(), ...changes() }, body);
const upgrade =
  (changes: () => Headers, path = "/ws", method = "GET") =>
  () =>
    request(method, path, { ...upgrading(), ...changes() });

const HOSTILE: readonly Hostile[] = [
  // Names that lead here and are not ours: DNS rebinding.
  ["no Host", get("/", () => ({ host: undefined })), 400],
  ["an empty Host", get("/", () => ({ host: "" })), 421],
  ["another Host", get("/", () => ({ host: "evil.example" })), 421],
  ["another Host with our port", get("/", () => ({ host: `evil.example:${port}` })), 421],
  ["our Host with another port", get("/", () => ({ host: "127.0.0.1:1" })), 421],
  ["our Host without a port", get("/", () => ({ host: "127.0.0.1" })), 421],
  ["a Host that begins like ours", get("/", () => ({ host: `127.0.0.1:${port}.evil.example` })), 421],
  ["a Host that ends like ours", get("/", () => ({ host: `evil.127.0.0.1:${port}` })), 421],
  ["a Host with a user", get("/", () => ({ host: `user@127.0.0.1:${port}` })), 421],
  ["a Host in IPv6", get("/", () => ({ host: `[::1]:${port}` })), 421],
  ["any address as Host", get("/", () => ({ host: `0.0.0.0:${port}` })), 421],
  ["two Hosts, ours first", get("/", () => ({ host: [`127.0.0.1:${port}`, "evil.example"] })), 400],
  ["two Hosts, ours last", get("/", () => ({ host: ["evil.example", `127.0.0.1:${port}`] })), 400],
  ["an absolute address of another host", get("http://evil.example/"), 404],
  ["another Host with the token", kill(() => ({ host: `evil.example:${port}` })), 421],
  // Pages of elsewhere.
  ["another Origin", get("/", () => ({ origin: "http://evil.example" })), 403],
  ["Origin null", get("/", () => ({ origin: "null" })), 403],
  ["our Origin over TLS", get("/", () => ({ origin: `https://127.0.0.1:${port}` })), 403],
  ["our Origin with another port", get("/", () => ({ origin: "http://127.0.0.1:1" })), 403],
  [
    "an Origin that begins like ours",
    get("/", () => ({ origin: `http://127.0.0.1:${port}.evil.example` })),
    403,
  ],
  ["an empty Origin", get("/", () => ({ origin: "" })), 403],
  ["two Origins", kill(() => ({ origin: [`http://127.0.0.1:${port}`, "http://evil.example"] })), 400],
  ["a cross-site fetch", get("/", () => ({ "sec-fetch-site": "cross-site" })), 403],
  ["a same-site fetch", get("/", () => ({ "sec-fetch-site": "same-site" })), 403],
  ["another Origin with the token", kill(() => ({ origin: "http://evil.example" })), 403],
  ["a preflight", () => request("OPTIONS", "/api/kill", { origin: "http://evil.example" }), 403],
  [
    "a preflight of our own",
    () => request("OPTIONS", "/api/kill", { origin: `http://127.0.0.1:${port}` }),
    401,
  ],
  // Tokens.
  ["no token", kill(() => ({ authorization: undefined })), 401],
  ["another token", kill(() => bearer(OTHER)), 401],
  ["a shorter token", kill(() => bearer(TOKEN.slice(1))), 401],
  ["a longer token", kill(() => bearer(`${TOKEN}a`)), 401],
  ["the token in capitals", kill(() => bearer(TOKEN.toUpperCase())), 401],
  ["an empty token", kill(() => ({ authorization: "Bearer " })), 401],
  ["the token as Basic", kill(() => ({ authorization: `Basic ${TOKEN}` })), 401],
  ["the token twice", kill(() => ({ authorization: [`Bearer ${TOKEN}`, `Bearer ${OTHER}`] })), 400],
  [
    "the token in the address",
    kill(() => ({ authorization: undefined }), BODY, `/api/kill?token=${TOKEN}`),
    401,
  ],
  ["the token as a cookie", kill(() => ({ authorization: undefined, cookie: `token=${TOKEN}` })), 401],
  ["the token's check without one", get("/api/token"), 401],
  // Methods and careless orders.
  ["a kill by GET", kill(() => ({}), "", "/api/kill", "GET"), 405],
  ["a kill by PUT", kill(() => ({}), BODY, "/api/kill", "PUT"), 405],
  ["a kill by DELETE", kill(() => ({}), BODY, "/api/kill", "DELETE"), 405],
  ["the page by POST", () => request("POST", "/", {}, "a=b"), 405],
  ["TRACE", () => request("TRACE", "/", {}), 405],
  ["a tunnel", () => request("CONNECT", "evil.example:443", {}), "closed"],
  ["a kill without its header", kill(() => ({ "x-matchpoint-control": undefined })), 403],
  [
    "a kill as a form",
    kill(() => ({ "content-type": "application/x-www-form-urlencoded" }), "id=a&reason=b"),
    415,
  ],
  ["a kill as plain text", kill(() => ({ "content-type": "text/plain" })), 415],
  ["a kill of nothing in particular", kill(() => ({}), "null"), 400],
  ["a kill with a list", kill(() => ({}), "[]"), 400],
  ["a kill that is no JSON", kill(() => ({}), "{"), 400],
  ["a kill without a reason", kill(() => ({}), '{"id":"a"}'), 400],
  ["a kill with a blank reason", kill(() => ({}), '{"id":"a","reason":"  "}'), 400],
  ["a kill with a reason of another kind", kill(() => ({}), '{"id":"a","reason":{"toString":1}}'), 400],
  ["a kill with a bad id", kill(() => ({}), '{"id":"<b>","reason":"x"}'), 400],
  ["a kill with more than it may say", kill(() => ({}), '{"id":"a","reason":"x","by":"root"}'), 400],
  ["a kill with a prototype", kill(() => ({}), '{"id":"a","reason":"x","__proto__":{"market":"m"}}'), 400],
  ["a kill of one market", kill(() => ({}), '{"id":"a","reason":"x","market":"m"}'), 400],
  ["a reason without end", kill(() => ({}), `{"id":"a","reason":"${"x".repeat(501)}"}`), 400],
  ["a resume", kill(() => ({}), BODY, "/api/resume"), 403],
  ["an order that there is not", kill(() => ({}), BODY, "/api/buy"), 404],
  ["an order by an object's own name", kill(() => ({}), BODY, "/api/constructor"), 404],
  // Paths.
  ["a parent folder", get("/../package.json"), 404],
  ["a parent folder in code", get("/%2e%2e/package.json"), 404],
  ["a parent folder with backslashes", get("/..\\..\\etc\\passwd"), 404],
  ["a file of the system", get("//etc/passwd"), 404],
  ["an asset that leads out", get("/assets/../../src/index.ts"), 404],
  ["a path with a zero byte", get("/index.html%00.js"), 404],
  ["the page under another name", get("/index.html/"), 404],
  ["a path to the prototype", get("/__proto__"), 404],
  // Size and shape.
  ["a body that is too long", kill(() => ({}), `{"id":"a","reason":"${"x".repeat(5_000)}"}`), 413],
  ["headers that are too long", get("/", () => ({ "x-long": "a".repeat(20_000) })), "closed"],
  ["an address that is too long", get(`/${"a".repeat(20_000)}`), "closed"],
  [
    "two lengths",
    () => request("POST", "/api/kill", { ...ordering(), "content-length": ["5", "50"] }, BODY),
    "closed",
  ],
  [
    "a length and chunks",
    () =>
      request(
        "POST",
        "/api/kill",
        { ...ordering(), "content-length": "5", "transfer-encoding": "chunked" },
        BODY,
      ),
    "closed",
  ],
  ["no HTTP", () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "closed"],
  // Sockets.
  ["a socket without an Origin", upgrade(() => ({ origin: undefined })), 403],
  ["a socket of another Origin", upgrade(() => ({ origin: "http://evil.example" })), 403],
  ["a socket of Origin null", upgrade(() => ({ origin: "null" })), 403],
  [
    "a socket of another Host",
    upgrade(() => ({ host: `evil.example:${port}`, origin: `http://evil.example:${port}` })),
    421,
  ],
  ["a socket without a token", upgrade(() => ({ "sec-websocket-protocol": "matchpoint.v1" })), 401],
  [
    "a socket with another token",
    upgrade(() => ({ "sec-websocket-protocol": `matchpoint.v1, ${OTHER}` })),
    401,
  ],
  ["a socket without a subprotocol", upgrade(() => ({ "sec-websocket-protocol": undefined })), 400],
  [
    "a socket of another version",
    upgrade(() => ({ "sec-websocket-protocol": `matchpoint.v0, ${TOKEN}` })),
    400,
  ],
  [
    "a socket with two tokens",
    upgrade(() => ({ "sec-websocket-protocol": `matchpoint.v1, ${OTHER}, ${TOKEN}` })),
    400,
  ],
  [
    "a socket with its token in the address",
    upgrade(() => ({ "sec-websocket-protocol": "matchpoint.v1" }), `/ws?token=${TOKEN}`),
    404,
  ],
  ["a socket elsewhere", upgrade(() => ({}), "/api/kill"), 404],
  ["a socket by POST", upgrade(() => ({}), "/ws", "POST"), 405],
  ["another protocol than WebSocket", upgrade(() => ({ upgrade: "h2c" })), 400],
  ["a socket with a bad key", upgrade(() => ({ "sec-websocket-key": "short" })), 400],
];

describe("the dashboard's server", () => {
  it.each(HOSTILE)("refuses %s", async (_what, make, status) => {
    const answer = await raw(make());
    // What Node itself does not understand it ends, with a word or without.
    const got = statusOf(answer);
    expect(status === "closed" && (got === 400 || got === 431) ? "closed" : got).toBe(status);
    expect(answer.toLowerCase()).not.toContain("access-control-allow");
    expect(answer).not.toContain(TOKEN);
    expect(did).toEqual([]);
    expect(opened).toBe(0);
  });

  it("has at least sixty of them", () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(60);
  });

  it("does not wait for who takes their time", async () => {
    const began = performance.now();
    const slow = { from: 20, everyMs: 400 };
    const [head, body] = await Promise.all([
      raw(get("/", () => ({ "x-slow": "a".repeat(200) }))(), slow),
      raw(kill()(), { from: kill()().length - 20, everyMs: 900 }),
    ]);
    expect([statusOf(head), statusOf(body)].every((each) => each === "closed" || each === 408)).toBe(true);
    expect(performance.now() - began).toBeLessThan(12_000);
    expect(did).toEqual([]);
  });

  it("answers its own page, and does what it is told by who may", async () => {
    const page = await raw(get("/")());
    expect(statusOf(page)).toBe(200);
    expect(page).toContain("<p>page");
    const csp = /^content-security-policy: (.*)$/im.exec(page)![1]!;
    expect(csp).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).not.toContain("unsafe");
    for (const line of [
      "cache-control: no-store",
      "x-content-type-options: nosniff",
      "referrer-policy: no-referrer",
    ])
      expect(page.toLowerCase()).toContain(line);
    expect(statusOf(await raw(get("/api/token", bearer)()))).toBe(204);
    expect(statusOf(await raw(upgrade(() => ({}))()))).toBe(101);
    expect(opened).toBe(1);
    const own = { origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin" };
    const killed = await raw(kill(() => own)());
    expect(statusOf(killed)).toBe(200);
    expect(killed).toContain('"ok":true');
    expect(statusOf(await raw(kill(() => own, '{"id":"b","reason":"no proof"}')()))).toBe(504);
    expect(statusOf(await raw(kill(() => own, '{"id":"c","reason":"x","market":"m"}', "/api/halt")()))).toBe(
      200,
    );
    expect(did).toEqual(["kill it went wrong *", "kill no proof *", "halt x m"]);
  });

  it("lets nobody try again and again, and keeps who holds the token from nothing for it", async () => {
    const hour = 3_600_000;
    time = hour;
    const still = new RateLimit(3, 1_000);
    expect([0, 1, 2, 3].map((now) => still.take(now))).toEqual([true, true, true, false]);
    expect(still.take(1_001)).toBe(true);
    const fast = await serveDashboard({
      token: TOKEN,
      port: 0,
      page: Promise.resolve(new Map()),
      act: undefined,
      onSocket: () => undefined,
      now: () => 0,
    });
    try {
      const ask = async (token: string): Promise<number> =>
        (
          await fetch(`http://127.0.0.1:${fast.port}/api/token`, {
            headers: { authorization: `Bearer ${token}` },
          })
        ).status;
      const open = async (token: string): Promise<number | "closed"> => {
        const own = `127.0.0.1:${fast.port}`;
        const protocol = `matchpoint.v1, ${token}`;
        const headers = {
          ...upgrading(),
          host: own,
          origin: `http://${own}`,
          "sec-websocket-protocol": protocol,
        };
        return statusOf(await raw(request("GET", "/ws", headers), undefined, fast.port));
      };
      const wrong = await Promise.all(Array.from({ length: 29 }, () => ask(OTHER)));
      expect(new Set(wrong)).toEqual(new Set([401]));
      expect([await open(OTHER), await open(OTHER), await ask(OTHER)]).toEqual([401, 429, 429]);
      // A page that was left open by an earlier run locks nobody out of this one, and the page itself can still be loaded.
      expect([await ask(TOKEN), await open(TOKEN)]).toEqual([204, 101]);
      const page = async (): Promise<number> => (await fetch(`http://127.0.0.1:${fast.port}/x`)).status;
      const pages = new Set<number>();
      for (let i = 0; i < 300; i += 1) pages.add(await page());
      expect(pages).toEqual(new Set([404, 429]));
      expect([await ask(OTHER), await ask(TOKEN), await open(TOKEN)]).toEqual([429, 204, 101]);
    } finally {
      fast.close();
    }
  });
});
