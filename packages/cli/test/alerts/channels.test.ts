// What is told, at servers that speak Telegram's, Discord's and a webhook's protocol over real sockets.
import { Secret, VirtualClock, type AlertChannel } from "@matchpoint/sdk";
import { describe, expect, it } from "vitest";
import { discord, telegram, webhook, type Channel } from "../../src/alerts/channels.ts";
import { Outbox } from "../../src/alerts/outbox.ts";
import type { Fake, Told } from "../secrets/fakes/httpFake.ts";
import { alert, FastClock, server } from "./support.ts";

const TOKEN = "123456:AA-canary_token";
const FROM = { runId: "run-1", mode: "paper" };

/** A channel of each kind that talks to a local server, and what such a server says when all is well. */
const KINDS: Readonly<
  Record<AlertChannel, { readonly at: (url: string, timeoutMs?: number) => Channel; readonly well: Told }>
> = {
  telegram: {
    at: (url, timeoutMs = 1_000) => telegram({ chat_id: "-100", url }, new Secret(TOKEN), timeoutMs),
    well: { status: 200, json: { ok: true, result: { message_id: 1 } } },
  },
  discord: {
    at: (url, timeoutMs = 1_000) =>
      discord({ username: "Matchpoint" }, new Secret(`${url}/api/webhooks/1/${TOKEN}`), timeoutMs),
    well: { status: 204, text: "" },
  },
  webhook: {
    at: (url, timeoutMs = 1_000) =>
      webhook({ name: "bot" }, new Secret(`${url}/in?k=${TOKEN}`), new Secret(TOKEN), timeoutMs),
    well: { status: 200, text: "thanks" },
  },
};
const NAMES = Object.keys(KINDS) as AlertChannel[];

interface Box {
  readonly outbox: Outbox;
  readonly fake: Fake;
  readonly troubles: string[];
}

async function box(
  name: AlertChannel,
  answers: readonly Told[],
  perMinute = 600,
  timeoutMs = 1_000,
): Promise<Box> {
  let asked = 0;
  const fake = await server(() => answers[asked++] ?? KINDS[name].well);
  const troubles: string[] = [];
  const outbox = new Outbox({
    channel: KINDS[name].at(fake.url, timeoutMs),
    from: FROM,
    clock: new FastClock(),
    perMinute,
    onTrouble: (why) => troubles.push(why),
  });
  return { outbox, fake, troubles };
}

const bodies = (fake: Fake): readonly Record<string, unknown>[] =>
  fake.asked.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

describe("a message", () => {
  it("of Telegram is plain text of a bot to a chat", async () => {
    const { outbox, fake } = await box("telegram", []);
    outbox.push(alert("Game 1: *down* <b>"));
    await outbox.close(60_000);
    expect(fake.asked[0]).toMatchObject({ method: "POST" });
    expect(fake.asked[0]!.url.pathname).toBe(`/bot${TOKEN}/sendMessage`);
    const [body] = bodies(fake);
    expect(body).toEqual({
      chat_id: "-100",
      text: "PAPER run-1\n! halted_market: Game 1: *down* <b>",
      link_preview_options: { is_disabled: true },
    });
  });

  it("of Discord mentions nobody, and what comes from outside is no markup of it", async () => {
    const { outbox, fake } = await box("discord", []);
    outbox.push(alert("@everyone [free](https://evil.example) `x`"));
    await outbox.close(60_000);
    expect(bodies(fake)[0]).toMatchObject({
      allowed_mentions: { parse: [] },
      flags: 4,
      username: "Matchpoint",
    });
    expect(bodies(fake)[0]!["content"]).toContain("\\[free\\]\\(https://evil.example\\) \\`x\\`");
  });

  it("of a webhook has every id under its name, and shows the token", async () => {
    const { outbox, fake } = await box("webhook", []);
    outbox.push(alert("lost", { kind: "order_unknown", marketId: "m1", orderId: "0x1", intentId: "i1" }));
    await outbox.close(60_000);
    expect(fake.asked[0]!.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(bodies(fake)[0]).toMatchObject({
      run_id: "run-1",
      mode: "paper",
      name: "bot",
      dropped: 0,
      alerts: [
        { kind: "order_unknown", severity: "critical", market_id: "m1", order_id: "0x1", intent_id: "i1" },
      ],
    });
  });

  it.each(NAMES)("of %s is never longer than the place takes, and nothing is lost by that", async (name) => {
    const { outbox, fake } = await box(name, []);
    const most = { telegram: 4_096, discord: 2_000, webhook: 16_000 }[name];
    for (let i = 0; i < 150; i += 1) outbox.push(alert(`market-${i} ${"_*".repeat(120)}`));
    await outbox.close(4_000_000);
    expect(outbox.counts).toEqual({ waiting: 0, sent: 150, dropped: 0 });
    const texts = bodies(fake).map((body) => (body["text"] ?? body["content"]) as string);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(most);
    const told = texts.join("\n");
    for (let i = 0; i < 150; i += 1) expect(told).toContain(`market-${i} `);
  });
});

describe("what does not get through", () => {
  it.each([
    ["telegram", { status: 429, json: { ok: false, error_code: 429, parameters: { retry_after: 30 } } }],
    [
      "discord",
      { status: 429, json: { message: "You are being rate limited.", retry_after: 30.5, global: false } },
    ],
    ["webhook", { status: 429, headers: { "retry-after": "30" } }],
  ] as const)(
    "is sent by %s after as long as it says, together with what came since",
    async (name, limited) => {
      const { outbox, fake, troubles } = await box(name, [limited]);
      const from = performance.now();
      outbox.push(alert("first"));
      await expect.poll(() => fake.asked.length).toBe(1);
      outbox.push(alert("second"));
      await expect.poll(() => outbox.counts.sent, { timeout: 5_000 }).toBe(2);
      // Thirty seconds of a clock that goes two hundred times as fast.
      expect(performance.now() - from).toBeGreaterThanOrEqual(149);
      expect(fake.asked).toHaveLength(2);
      expect(fake.asked[1]!.body).toMatch(/first[^]*second/);
      expect(troubles).toEqual([`alerts do not get through to ${name}: status 429`]);
      await outbox.close(1_000);
    },
  );

  it.each(NAMES)("is tried again by %s while the server fails, hangs up or says nothing", async (name) => {
    const { outbox, fake } = await box(
      name,
      [{ status: 500 }, "hang up", "silence", { status: 503 }],
      600,
      100,
    );
    outbox.push(alert("one"));
    await expect.poll(() => outbox.counts.sent, { timeout: 5_000 }).toBe(1);
    expect(fake.asked).toHaveLength(5);
    await outbox.close(1_000);
  });

  it.each(NAMES)(
    "is dropped by %s when it is refused, and told with the next; no word of the secret",
    async (name) => {
      const refusal = { status: 401, json: { ok: false, description: `Unauthorized ${TOKEN}` } };
      const { outbox, fake, troubles } = await box(name, [refusal]);
      outbox.push(alert("lost"));
      await expect.poll(() => outbox.counts.dropped).toBe(1);
      outbox.push(alert("told"));
      await outbox.close(60_000);
      expect(outbox.counts).toEqual({ waiting: 0, sent: 1, dropped: 1 });
      expect(fake.asked[1]!.body).toContain("1 alerts before these were dropped");
      expect(troubles).toEqual([`alerts do not get through to ${name}: status 401`]);
      expect(troubles.join()).not.toContain(TOKEN);
    },
  );

  it("is no redirect's: what is secret goes nowhere else", async () => {
    const elsewhere = await server(() => ({ status: 200 }));
    const { outbox } = await box("webhook", [{ status: 307, headers: { location: elsewhere.url } }]);
    outbox.push(alert("x"));
    await outbox.close(60_000);
    expect(elsewhere.asked).toHaveLength(0);
    expect(outbox.counts.dropped).toBe(1);
  });

  it("is given up after eight tries, with words that name no address", async () => {
    const { outbox, fake, troubles } = await box("discord", Array<Told>(8).fill("hang up"));
    outbox.push(alert("x"));
    await expect.poll(() => outbox.counts.dropped, { timeout: 5_000 }).toBe(1);
    expect(fake.asked).toHaveLength(8);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).not.toMatch(/http|127\.0\.0\.1|canary/);
    await outbox.close(1_000);
  });

  it("piles up no further than two hundred; what is critical stays", async () => {
    const { outbox } = await box("telegram", ["silence"], 600, 60_000);
    outbox.push(alert("kill", { kind: "kill" }));
    for (let i = 0; i < 500; i += 1) outbox.push(alert(`m${i}`));
    expect(outbox.counts).toEqual({ waiting: 200, sent: 0, dropped: 301 });
    const from = performance.now();
    await outbox.close(2_000);
    // Ten milliseconds by this clock: nobody is waited for longer.
    expect(performance.now() - from).toBeLessThan(500);
    expect(outbox.counts).toEqual({ waiting: 0, sent: 0, dropped: 501 });
  });
});

it("sends no more messages in a minute than it may; what waits goes together", async () => {
  const fake = await server(() => KINDS.webhook.well);
  const clock = new VirtualClock();
  const onTrouble = (why: string): void => expect.fail(why);
  const channel = KINDS.webhook.at(fake.url);
  const outbox = new Outbox({ channel, from: FROM, clock, perMinute: 2, onTrouble });
  for (let i = 0; i < 10; i += 1) {
    outbox.push(alert(`m${i}`));
    await expect.poll(() => outbox.counts.sent).toBe(Math.min(2, i + 1));
  }
  clock.advance(59_999);
  expect(fake.asked).toHaveLength(2);
  clock.advance(1);
  await expect.poll(() => outbox.counts.sent).toBe(10);
  expect(fake.asked).toHaveLength(3);
  await outbox.close(1_000);
});
