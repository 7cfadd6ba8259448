import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { WebSocket } from "ws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFlags } from "../src/program.ts";
import { optionsOf, type VenueFlags } from "../src/runVenue.ts";
import { startVenue, type RunningVenue } from "../src/index.ts";
import { ALICE, l1 } from "./support.ts";

let venue: RunningVenue;
const errors: unknown[] = [];

beforeAll(async () => {
  venue = await startVenue({ seed: 3, liquidity: "none", onError: (error) => errors.push(error) });
});
afterAll(async () => {
  await venue.close();
  expect(errors).toEqual([]);
});

async function admin(command: unknown): Promise<{ ok: boolean }> {
  const answer = await fetch(venue.admin, { method: "POST", body: JSON.stringify(command) });
  return (await answer.json()) as { ok: boolean };
}

describe("over sockets", () => {
  test("five megabytes are refused, and the next request is answered", async () => {
    const answer = await fetch(`${venue.clob}/books`, { method: "POST", body: "x".repeat(5_000_000) });
    expect([answer.status, await answer.json()]).toEqual([400, { error: "Payload exceeds the limit" }]);
    expect(await (await fetch(`${venue.clob}/ok`)).json()).toBe("OK");
  });

  test("what is no HTTP at all does no harm", async () => {
    const { port } = new URL(venue.clob);
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.resume();
    socket.write("\u0000\u0001 nonsense\r\n\r\n");
    await once(socket, "close");
    expect((await fetch(`${venue.clob}/ok`)).status).toBe(200);
  });

  test("a client that is refused a socket, and resets the connection, does no harm", async () => {
    const { port } = new URL(venue.clob);
    for (let n = 0; n < 20; n++) {
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => undefined);
      await once(socket, "connect");
      socket.write(
        "GET /nowhere HTTP/1.1\r\nHost: v\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        () => socket.resetAndDestroy(),
      );
      await once(socket, "close");
    }
    expect((await fetch(`${venue.clob}/ok`)).status).toBe(200);
  });

  test("headers make keys, in any case of letters", async () => {
    const headers = await l1(ALICE, Math.floor(Date.now() / 1_000), "0");
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const made = await (await fetch(`${venue.clob}/auth/api-key`, { method: "POST", headers: upper })).json();
    expect(await (await fetch(`${venue.clob}/auth/derive-api-key`, { headers })).json()).toEqual(made);
  });

  test("a hung request stays open, and a dropped one is cut", async () => {
    expect(await admin({ do: "fault", kind: "hang", match: { path: "/time" } })).toMatchObject({ ok: true });
    await expect(fetch(`${venue.clob}/time`, { signal: AbortSignal.timeout(150) })).rejects.toThrow(
      /timeout/i,
    );
    expect(await admin({ do: "fault", kind: "drop", match: { path: "/time" } })).toMatchObject({ ok: true });
    await expect(fetch(`${venue.clob}/time`)).rejects.toThrow("fetch failed");
    expect((await fetch(`${venue.clob}/time`)).status).toBe(200);
  });

  test("unknown socket paths, and frames beyond a megabyte", async () => {
    const wrong = new WebSocket(venue.wsMarket.replace("market", "nothing"));
    const [failure] = (await once(wrong, "error")) as [Error];
    expect(failure.message).toMatch(/404/);
    const large = new WebSocket(venue.wsMarket);
    await once(large, "open");
    large.on("error", () => undefined);
    large.send("x".repeat(2_000_000));
    await once(large, "close");
    const fine = new WebSocket(venue.wsMarket);
    await once(fine, "open");
    fine.send("PING");
    const [data] = (await once(fine, "message")) as [Buffer];
    expect(data.toString()).toBe("PONG");
    fine.close();
    await once(fine, "close");
  });

  test("the sports channel speaks at once, and a user socket with wrong credentials is closed", async () => {
    const sports = new WebSocket(venue.sports);
    const [data] = (await once(sports, "message")) as [Buffer];
    expect(JSON.parse(data.toString())).toMatchObject({ leagueAbbreviation: "lol" });
    sports.terminate();
    const user = new WebSocket(venue.wsUser);
    await once(user, "open");
    user.send(JSON.stringify({ type: "user", auth: {} }));
    expect((await once(user, "close"))[0]).toBe(1008);
  });

  test("a taken port is told as one", async () => {
    await expect(startVenue({ seed: 1, port: Number(new URL(venue.clob).port) })).rejects.toThrow(
      /cannot listen/,
    );
  });
});

describe("the program", () => {
  test.each([
    [["--seed", "x"], "a whole number"],
    [["--port", "70000"], "at most 65535"],
    [["--fund", "0x12=5"], "0xADDRESS=USD"],
    [["--fund", `${ALICE.address}=`], "0xADDRESS=USD"],
    [["--chain", "mars"], "memory or anvil"],
    [["--rate-limits", "constructor"], "no such tier"],
    [["--nonsense"], "--nonsense"],
    [["word"], "word"],
  ])("refuses %j", (args, text) => {
    expect(() => optionsOf(readFlags(args) as VenueFlags)).toThrow(text);
  });

  test("prints one line, serves with liquidity, and ends at SIGINT", async () => {
    const bin = join(import.meta.dirname, "../src/bin.ts");
    const args = [
      "--conditions=@matchpoint/source",
      "--no-warnings",
      bin,
      "--seed",
      "5",
      "--fund",
      `${ALICE.address}=12.5`,
    ];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    while (!out.includes("\n")) await once(child.stdout, "data");
    const line = JSON.parse(out) as RunningVenue;
    expect(Object.keys(line)).toEqual([
      "clob",
      "wsMarket",
      "wsUser",
      "gamma",
      "sports",
      "geoblock",
      "chainId",
      "admin",
      "markets",
    ]);
    expect(line.markets[0]).toMatchObject({
      question: "LoL: T1 vs Gen.G (BO5) - LCK Playoffs",
      tokens: [{ outcome: "T1" }, { outcome: "Gen.G" }],
    });
    const token = line.markets[0]!.tokens[0]!.tokenId;
    const book = (await (await fetch(`${line.clob}/book?token_id=${token}`)).json()) as {
      bids: unknown[];
      asks: unknown[];
    };
    expect([book.bids.length, book.asks.length]).toEqual([4, 4]);
    const account = await fetch(line.admin, {
      method: "POST",
      body: JSON.stringify({ do: "account", address: ALICE.address }),
    });
    expect(await account.json()).toMatchObject({ ok: true, collateral: 12_500_000 });
    child.kill("SIGINT");
    expect((await once(child, "exit"))[0]).toBe(0);
    expect(out.trim().split("\n")).toHaveLength(1);
  });
});
