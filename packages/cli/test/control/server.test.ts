import { request, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { Secret } from "@matchpoint/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KillReport } from "../../src/control/killProof.ts";
import { serveControl, type ControlActions, type ControlServer } from "../../src/control/server.ts";

const TOKEN = "ab".repeat(32);
const REPORT: KillReport = { proven: true, openBefore: 3, open: 0, zeroMs: 20, ms: 220 };

let server: ControlServer;
let port: number;
let ready = true;
const did: string[] = [];
const actions: ControlActions = {
  health: () => ({ live: true, ready, reasons: ready ? [] : ["the system is HALTED"] }),
  status: () => ({ run: "run-1" }),
  metrics: () => Promise.resolve("open_orders 0\n"),
  kill: async (by, reason) => {
    did.push(`kill ${by} ${reason}`);
    return REPORT;
  },
  stopEntries: (by) => void did.push(`stop-entry ${by}`),
  halt: (by, _reason, market) => void did.push(`halt ${by} ${market ?? "*"}`),
  fact: (by, fact) => {
    did.push(`fact ${by} ${fact}`);
    return Promise.resolve({ run: "run-1", fact, taken: true, moved: [] });
  },
};

beforeAll(async () => {
  server = await serveControl(actions, { token: TOKEN }, 0);
  port = Number(new URL(server.url).port);
});
afterAll(() => {
  server.close();
});

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const out = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    out.on("error", (error) => {
      reject(new Error(`${method} ${path} ${JSON.stringify(headers)}: ${error.message}`));
    });
    out.end(/^(GET|HEAD|OPTIONS|DELETE)$/.test(method) ? "" : body);
  });
}

const good = (): Record<string, string> => ({
  host: `127.0.0.1:${port}`,
  authorization: `Bearer ${TOKEN}`,
  "content-type": "application/json",
  "x-matchpoint-control": "1",
});
const BODY = JSON.stringify({ by: "me", reason: "test" });

describe("the control server", () => {
  it("does what the holder of the token asks, and tells who and why", async () => {
    did.length = 0;
    const killed = await ask("POST", "/v1/kill", good(), BODY);
    expect(killed.status).toBe(200);
    expect(JSON.parse(killed.body)).toEqual(REPORT);
    expect((await ask("POST", "/v1/stop-entry", good(), "{}")).status).toBe(200);
    const market = JSON.stringify({ by: "me", market: "m1" });
    expect((await ask("POST", "/v1/halt", good(), market)).status).toBe(200);
    const fact = JSON.stringify({ by: "me", fact: "m1 series started" });
    expect((await ask("POST", "/v1/fact", good(), fact)).status).toBe(200);
    expect(did).toEqual(["kill me test", "stop-entry http", "halt me m1", "fact me m1 series started"]);
    const status = await ask("GET", "/v1/status", { authorization: `Bearer ${TOKEN}` });
    expect(JSON.parse(status.body)).toEqual({ run: "run-1" });
  });

  it("says to anybody on this machine whether the run is alive and ready, and nothing else", async () => {
    expect(await ask("GET", "/livez", {})).toMatchObject({ status: 200 });
    expect(await ask("GET", "/readyz", {})).toMatchObject({
      status: 200,
      body: '{"ready":true,"reasons":[]}\n',
    });
    ready = false;
    expect(await ask("GET", "/readyz", {})).toMatchObject({ status: 503 });
    expect(await ask("GET", "/livez", {})).toMatchObject({ status: 200 });
    ready = true;
  });

  it("shows what is counted to anybody on this machine, or to who holds the token that was set for it", async () => {
    const open = await ask("GET", "/metrics", {});
    expect(open).toMatchObject({ status: 200, body: "open_orders 0\n" });
    expect(open.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(open.headers["access-control-allow-origin"]).toBeUndefined();
    expect((await ask("POST", "/metrics", good(), BODY)).status).toBe(405);
    expect((await ask("GET", "/metrics", { host: "evil.example" })).status).toBe(421);
    expect((await ask("GET", "/metrics", { origin: "http://evil.example" })).status).toBe(403);
    const free = port;
    const locked = await serveControl(actions, { token: TOKEN, metrics: new Secret("pro-me.theus_7") }, 0);
    port = Number(new URL(locked.url).port);
    try {
      expect((await ask("GET", "/metrics", { authorization: "Bearer pro-me.theus_7" })).status).toBe(200);
      for (const authorization of ["", "Bearer pro-me.theus_", `Bearer ${TOKEN}`, "Basic pro-me.theus_7"])
        expect((await ask("GET", "/metrics", { authorization })).status, authorization).toBe(401);
      // Who may read may not stop.
      const reader = { ...good(), authorization: "Bearer pro-me.theus_7" };
      expect((await ask("POST", "/v1/kill", reader, BODY)).status).toBe(401);
      expect((await ask("GET", "/livez", {})).status).toBe(200);
    } finally {
      locked.close();
      port = free;
    }
  });

  it("refuses everything else, whatever is wrong with it", async () => {
    did.length = 0;
    const over: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
      ...[
        "evil.example",
        "localhost",
        "127.0.0.1",
        "127.0.0.1:1",
        "[::1]:1",
        "0.0.0.0",
        "127.0.0.1.nip.io",
      ].map((host) => [`host ${host}`, { host }, 421] as const),
      ...["http://evil.example", "null", "https://127.0.0.1", "file://", "http://127.0.0.1:1"].map(
        (origin) => [`origin ${origin}`, { origin }, 403] as const,
      ),
      ...["cross-site", "same-site"].map(
        (site) => [`site ${site}`, { "sec-fetch-site": site }, 403] as const,
      ),
      ...[
        "",
        "Bearer",
        "Bearer ",
        `Bearer ${TOKEN}0`,
        `Bearer ${TOKEN.slice(1)}`,
        `Basic ${TOKEN}`,
        TOKEN,
      ].map((authorization) => [`token ${authorization}`, { authorization }, 401] as const),
      [`token in capitals`, { authorization: `Bearer ${TOKEN.toUpperCase()}` }, 401],
      ...["", "0", "true", "2"].map(
        (value) => [`header ${value}`, { "x-matchpoint-control": value }, 403] as const,
      ),
      ...["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"].map(
        (type) => [`type ${type}`, { "content-type": type }, 415] as const,
      ),
    ];
    let tried = 0;
    for (const path of ["/v1/kill", "/v1/stop-entry", "/v1/halt", "/v1/fact"]) {
      for (const [what, headers, status] of over) {
        const got = await ask("POST", path, { ...good(), ...headers }, BODY);
        expect(got.status, `${path}: ${what}`).toBe(status);
        expect(got.headers["access-control-allow-origin"]).toBeUndefined();
        tried += 1;
      }
    }
    const paths: readonly (readonly [string, string, number])[] = [
      ...["GET", "PUT", "DELETE", "PATCH", "OPTIONS"].map((method) => [method, "/v1/kill", 405] as const),
      ["POST", "/v1/status", 405],
      ["POST", "/livez", 405],
      ["POST", "/v1/resume", 403],
      ["GET", "/v1/resume", 403],
      ...[
        "/",
        "/v1",
        "/v1/kill/",
        "/v1/kill?x=1",
        "//v1/kill",
        "/../v1/kill",
        "/v1/%6bill",
        "/v1/kill%00",
      ].map((path) => ["POST", path, 404] as const),
    ];
    for (const [method, path, status] of paths) {
      expect((await ask(method, path, good(), BODY)).status, `${method} ${path}`).toBe(status);
      tried += 1;
    }
    for (const [body, status] of [
      ["", 400],
      ["{", 400],
      ["null", 200],
      ["7", 200],
      ['{"by":1}', 400],
      ['{"market":[]}', 400],
      [`{"reason":"${"x".repeat(5_000)}"}`, 413],
    ] as const) {
      expect((await ask("POST", "/v1/halt", good(), body)).status, body.slice(0, 20)).toBe(status);
      tried += 1;
    }
    expect(did).toEqual(["halt http *", "halt http *"]);
    expect(tried).toBeGreaterThanOrEqual(60);
  });

  it("lives through what is no HTTP, and through those who send slowly", async () => {
    for (const bytes of ["\u0016\u0003\u0001", "GET", `GET / HTTP/1.1\r\n${"x: y\r\n".repeat(5_000)}\r\n`]) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(bytes);
      if (bytes !== "GET") await new Promise((closed) => socket.once("close", closed));
    }
    expect((await ask("GET", "/livez", {})).status).toBe(200);
  });

  it("says which port is taken", async () => {
    await expect(serveControl(actions, { token: TOKEN }, port)).rejects.toThrow(
      /control\.port \d+ .* another program has it/,
    );
  });
});
