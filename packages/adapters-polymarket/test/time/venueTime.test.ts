import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { NANOS_PER_MS, type Clock, type Millis, type Nanos } from "@matchpoint/sdk";
import { afterEach, expect, test } from "vitest";
import { createWsTransport, measureVenueOffset } from "../../src/index.ts";

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** The CLOB's `/time` on a real socket: whole seconds of a clock that is `offsetMs` ahead, unless the script says otherwise. */
async function venue(
  offsetMs: number,
  script?: (n: number) => { status?: number; body?: string } | undefined,
): Promise<string> {
  let n = 0;
  const server = createServer((request, response) => {
    const own = script?.(n++);
    const path = request.url === "/time" ? 200 : 404;
    response.writeHead(own?.status ?? path, { "content-type": "application/json" });
    response.end(own?.body ?? String(Math.floor((Date.now() + offsetMs) / 1000)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Our clock. Waits are real: the venue's seconds pass whether or not we look. */
class RealClock implements Clock {
  readonly #origin = performance.now();
  wall(): Millis {
    return Date.now() as Millis;
  }
  monotonic(): Nanos {
    return Math.round((performance.now() - this.#origin) * NANOS_PER_MS) as Nanos;
  }
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => {
      clearTimeout(timer);
    };
  }
}

const measure = (url: string, samples = 6) =>
  measureVenueOffset({ transport: createWsTransport(), clock: new RealClock(), url, samples });

test.each([0, 2_345, -61_700])(
  "finds an offset of %d ms from whole seconds, within the error that it states",
  async (offsetMs) => {
    const found = await measure(await venue(offsetMs));
    expect(found).toMatchObject({ answers: 6, asked: 6, problems: [] });
    expect(Math.abs(found.offsetMs - offsetMs)).toBeLessThanOrEqual(found.errorMs + 1);
    expect(found.errorMs).toBeLessThanOrEqual(520);
  },
);

test("several answers narrow what one whole second leaves open", async () => {
  const url = await venue(0);
  const [one, many] = [await measure(url, 1), await measure(url, 6)];
  expect(one.errorMs).toBeGreaterThanOrEqual(500);
  expect(many.errorMs).toBeLessThan(300);
});

test("answers that are none are counted and told, and the others count", async () => {
  const bad = [{ status: 503, body: "" }, { body: "<html>" }, { body: "17" }];
  const found = await measure(await venue(0, (n) => bad[n]));
  expect(found).toMatchObject({ answers: 3, asked: 6 });
  expect(found.problems).toEqual(["status 503", '"<html>" is no Unix time', '"17" is no Unix time']);
});

test("answers that contradict each other widen the error", async () => {
  const lying = (n: number) => (n === 2 ? { body: String(Math.floor(Date.now() / 1000) + 40) } : undefined);
  const found = await measure(await venue(0, lying));
  expect(found.errorMs).toBeGreaterThan(19_000);
});

test("without any answer there is no offset", async () => {
  const url = await venue(0, () => ({ status: 500, body: "" }));
  await expect(measure(url, 2)).rejects.toMatchObject({ code: "HTTP_FAILED", retryable: true });
});
