import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { SystemClock } from "../../src/clock/index.ts";
import { measureNtpOffset } from "../../src/node/index.ts";
import { ntpToUnixMs, readSntp, sntpRequest } from "../../src/node/sntp/packet.ts";

const UNIX_EPOCH_S = 2_208_988_800;
const open: Socket[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

function putTime(packet: Buffer, offset: number, unixMs: number): void {
  const seconds = Math.floor(unixMs / 1000);
  packet.writeUInt32BE((seconds + UNIX_EPOCH_S) % 4_294_967_296, offset);
  packet.writeUInt32BE(Math.floor(((unixMs - seconds * 1000) / 1000) * 4_294_967_296), offset + 4);
}

interface Script {
  readonly offsetMs?: number;
  readonly stratum?: number;
  readonly head?: number;
  readonly kiss?: string;
  readonly cookie?: "wrong" | "wrong first";
  readonly silent?: boolean;
  readonly short?: boolean;
  readonly sentBeforeReceived?: boolean;
  readonly dispersionS?: number;
}

/** A server of the real protocol on a local UDP port. */
async function server(script: Script = {}): Promise<string> {
  const socket = createSocket("udp4");
  open.push(socket);
  socket.on("message", (question, from) => {
    if (script.silent === true) return;
    const answer = Buffer.alloc(48);
    answer[0] = script.head ?? 0x24;
    answer[1] = script.kiss === undefined ? (script.stratum ?? 2) : 0;
    answer.writeUInt32BE(Math.round((script.dispersionS ?? 0.001) * 65_536), 8);
    if (script.kiss !== undefined) answer.write(script.kiss, 12, "latin1");
    question.copy(answer, 24, 40, 48);
    const now = Date.now() + (script.offsetMs ?? 0);
    putTime(answer, 32, now);
    putTime(answer, 40, script.sentBeforeReceived === true ? now - 5 : now);
    const reply = (packet: Buffer): void => {
      socket.send(packet, from.port, from.address);
    };
    if (script.cookie !== undefined) {
      const forged = Buffer.from(answer);
      forged[24]! ^= 0xff;
      reply(forged);
      if (script.cookie === "wrong") return;
    }
    reply(script.short === true ? answer.subarray(0, 40) : answer);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return `127.0.0.1:${socket.address().port}`;
}

const measure = (servers: readonly string[], timeoutMs = 300) =>
  measureNtpOffset({ clock: new SystemClock(), servers, timeoutMs });

test("takes the median of several servers, so that a wrong minority does not count", async () => {
  const servers = await Promise.all([
    server({ offsetMs: 2_000 }),
    server({ offsetMs: 2_004 }),
    server({ offsetMs: -86_400_000 }),
  ]);
  const found = await measure(servers, 2_000);
  expect(found.answers).toBe(3);
  expect(found.asked).toBe(3);
  expect(Math.abs(found.offsetMs - 2_000)).toBeLessThan(60);
  expect(found.errorMs).toBeLessThan(500);
});

test("two servers that disagree widen the error to cover both", async () => {
  const found = await measure([await server({ offsetMs: 0 }), await server({ offsetMs: 1_000 })], 2_000);
  expect(Math.abs(found.offsetMs - 500)).toBeLessThan(60);
  expect(found.errorMs).toBeGreaterThanOrEqual(500);
});

test.each<[string, Script, RegExp]>([
  ["is silent", { silent: true }, /no answer within 300 ms/],
  ["says kiss of death", { kiss: "RATE" }, /left alone \(RATE\)/],
  ["is not set itself", { head: 0xe4 }, /own clock is not set/],
  ["is of stratum 16", { stratum: 16 }, /own clock is not set/],
  ["answers as a client", { head: 0x23 }, /mode 3/],
  ["answers another question", { cookie: "wrong" }, /another question/],
  ["sends half a packet", { short: true }, /40 bytes/],
  ["sent before it received", { sentBeforeReceived: true }, /make no sense/],
  ["does not know the time well", { dispersionS: 20 }, /may be off by/],
])("a server that %s is no answer, and the reason is told", async (_, script, reason) => {
  const found = await measure([await server(script), await server()]);
  expect(found.answers).toBe(1);
  expect(found.problems).toHaveLength(1);
  expect(found.problems[0]).toMatch(reason);
});

test("a forged packet does not hide the true answer that comes after it", async () => {
  const found = await measure([await server({ cookie: "wrong first", offsetMs: 700 })], 2_000);
  expect(found.answers).toBe(1);
  expect(Math.abs(found.offsetMs - 700)).toBeLessThan(60);
});

test("nobody answers: no offset is made up", async () => {
  const found = await measure([await server({ silent: true })]);
  expect(found).toMatchObject({ answers: 0, asked: 1, errorMs: Infinity });
});

test("what is no address is refused", async () => {
  await expect(measure(["two words"])).rejects.toMatchObject({ code: "USAGE" });
  await expect(measure(["host:99999"])).rejects.toMatchObject({ code: "USAGE" });
});

test("an aborted measurement ends at once", async () => {
  const abort = new AbortController();
  const servers = [await server({ silent: true })];
  const clock = new SystemClock();
  const measuring = measureNtpOffset({ clock, servers, timeoutMs: 60_000, signal: abort.signal });
  abort.abort();
  await expect(measuring).rejects.toMatchObject({ code: "ABORTED" });
});

test("times beyond 2036 are of the era that is closest to our clock", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (unixMs) => {
      const packet = Buffer.alloc(48);
      putTime(packet, 32, unixMs);
      const read = ntpToUnixMs(new DataView(packet.buffer, packet.byteOffset, 48), 32, unixMs + 3_600_000);
      expect(Math.abs(read - unixMs)).toBeLessThan(0.001);
    }),
  );
});

test("any bytes are read without a throw, and noise is never believed", () => {
  const cookie = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(readSntp(bytes, cookie, 1_790_000_000_000).ok).toBe(false);
    }),
  );
  expect(sntpRequest(cookie)).toHaveLength(48);
});
