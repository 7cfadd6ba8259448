import { type ExecutionReport, type Price } from "@matchpoint/sdk";
import { afterEach, describe, expect, it } from "vitest";
import { answer, intent, rig, type Rig } from "./fakeClob.ts";

const open: Rig[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.stop();
});
function start(...options: Parameters<typeof rig>): Rig {
  const made = rig(...options);
  open.push(made);
  return made;
}
const modes = (reports: readonly ExecutionReport[]): string[] =>
  reports.flatMap((report) => (report.type === "venue_mode" ? [report.mode] : []));
const place = ({ gateway, wait }: Rig, seq: number, changes = {}) =>
  wait(gateway.placeOrder(gateway.prepare(intent(changes), seq)));

describe("what the venue takes", () => {
  it("a restart: nothing is sent, it is looked at, then post-only for two minutes, then everything", async () => {
    const owner = start();
    const { venue, pass, reports } = owner;
    let up = false;
    venue.scripts.set("POST /order", () => (up ? undefined : answer(425, "")));
    venue.scripts.set("DELETE /order", () => (up ? undefined : answer(425, "")));
    expect(await place(owner, 0)).toMatchObject({ kind: "unknown" });
    expect(await place(owner, 1)).toMatchObject({ kind: "rejected", code: "VENUE_MODE" });
    expect(venue.count("POST", "/order")).toBe(1);
    await pass(40_000, 100);
    expect(venue.count("DELETE", "/order")).toBeGreaterThan(3);
    expect(venue.count("DELETE", "/order")).toBeLessThan(8);
    up = true;
    const sweeps = owner.gateway.stats.sweeps;
    await pass(31_000, 100);
    expect(modes(reports)).toEqual(["RESTARTING", "POST_ONLY"]);
    expect(owner.gateway.stats.sweeps).toBeGreaterThan(sweeps);
    expect(await place(owner, 2)).toMatchObject({ code: "VENUE_MODE" });
    expect(await place(owner, 3, { postOnly: true })).toEqual({ kind: "live" });
    await pass(121_000, 250);
    expect(modes(reports)).toEqual(["RESTARTING", "POST_ONLY", "OPEN"]);
    expect(await place(owner, 4, { limit: 4_000 as Price })).toEqual({ kind: "live" });
  });

  it("post-only for as long as it says", async () => {
    const owner = start();
    const { venue, pass, reports } = owner;
    const body = {
      error: "post-only mode: only post-only orders and cancels are allowed",
      code: "post_only_mode",
      retry_after_seconds: 10,
    };
    venue.scripts.set("POST /order", () => answer(503, body, { "Retry-After": "10" }));
    expect(await place(owner, 0)).toMatchObject({ kind: "rejected", code: "VENUE_MODE" });
    venue.scripts.clear();
    expect(await place(owner, 1)).toMatchObject({ code: "VENUE_MODE" });
    await pass(10_500, 50);
    expect(modes(reports)).toEqual(["POST_ONLY", "OPEN"]);
  });

  it.each([
    [
      "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed.",
      "CANCEL_ONLY",
    ],
    ["Trading is currently disabled. Check polymarket.com for updates", "DOWN"],
  ])("%s", async (error, mode) => {
    const owner = start();
    const { venue, pass, reports, gateway, wait } = owner;
    venue.scripts.set("POST /order", () => answer(503, { error }));
    expect(await place(owner, 0)).toMatchObject({ kind: "rejected", code: "VENUE_MODE" });
    expect(await place(owner, 1, { postOnly: true })).toMatchObject({ code: "VENUE_MODE" });
    await pass(20);
    expect(modes(reports)).toEqual([mode]);
    // The way out is always tried.
    await wait(gateway.cancelAll());
    expect(venue.count("DELETE", "/cancel-all")).toBe(1);
    venue.scripts.clear();
    await pass(31_000, 100);
    expect(modes(reports)).toEqual([mode, "OPEN"]);
    expect(await place(owner, 2)).toEqual({ kind: "live" });
  });

  it("a block by country: nothing is ever sent again", async () => {
    const owner = start();
    const { venue, pass, reports } = owner;
    venue.scripts.set("POST /order", () => answer(403, "<html>blocked</html>"));
    expect(await place(owner, 0)).toMatchObject({ kind: "unknown" });
    venue.scripts.clear();
    await pass(200_000, 500);
    expect(await place(owner, 1)).toMatchObject({ code: "VENUE_MODE" });
    expect(modes(reports)).toEqual(["CANCEL_ONLY"]);
  });
});

describe("heartbeats", () => {
  it("echo the id of the last answer every five seconds", async () => {
    const { venue, pass, reports } = start({ heartbeats: true });
    await pass(21_000, 50);
    const bodies = venue.asked.filter(({ path }) => path === "/v1/heartbeats").map(({ body }) => body);
    expect(bodies).toEqual(
      ["", "hb-1", "hb-2", "hb-3", "hb-4"].map((id) => JSON.stringify({ heartbeat_id: id })),
    );
    expect(modes(reports)).toEqual([]);
  });

  it("go on with the id that the venue expects", async () => {
    const { venue, pass, reports } = start({ heartbeats: true });
    let refused = false;
    venue.scripts.set("POST /v1/heartbeats", ({ body }) => {
      if (refused || body.includes('""')) return undefined;
      refused = true;
      return answer(400, { error: "Invalid Heartbeat ID", heartbeat_id: "other" });
    });
    await pass(12_000, 50);
    expect(venue.asked.map(({ body }) => body)).toContain(JSON.stringify({ heartbeat_id: "other" }));
    expect(modes(reports)).toEqual([]);
  });

  it("stop quoting when none is acknowledged for six seconds, begin anew once, and say when they are back", async () => {
    const owner = start({ heartbeats: true });
    const { venue, pass, reports, gateway } = owner;
    expect(gateway.heartbeatTrouble()).toMatch(/none .*yet/);
    await pass(6_000, 50);
    expect(gateway.heartbeatTrouble()).toBeUndefined();
    venue.scripts.set("POST /v1/heartbeats", () => "hang");
    await pass(6_000, 50);
    expect(modes(reports)).toEqual(["CANCEL_ONLY"]);
    expect(gateway.heartbeatTrouble()).toMatch(/no heartbeat acknowledged for 6000 ms/);
    expect(venue.asked.filter(({ path }) => path === "/v1/heartbeats").at(-1)!.body).toBe(
      '{"heartbeat_id":""}',
    );
    expect(await place(owner, 0)).toMatchObject({
      code: "VENUE_MODE",
      detail: expect.stringContaining("heartbeat") as string,
    });
    venue.scripts.clear();
    await pass(6_000, 50);
    expect(modes(reports)).toEqual(["CANCEL_ONLY", "OPEN"]);
    expect(gateway.heartbeatTrouble()).toBeUndefined();
    expect(await place(owner, 1)).toEqual({ kind: "live" });
  });

  it("say that they are refused", async () => {
    expect(start({ heartbeats: false }).gateway.heartbeatTrouble()).toBeUndefined();
    const { venue, pass, reports, gateway } = start({ heartbeats: true });
    venue.scripts.set("POST /v1/heartbeats", () => answer(401, { error: "Unauthorized/Invalid api key" }));
    await pass(5_900, 50);
    expect(modes(reports)).toEqual(["CANCEL_ONLY"]);
    expect(gateway.heartbeatTrouble()).toMatch(/refuses heartbeats/);
    // After the first, once with its id and once anew: not a storm.
    expect(venue.count("POST", "/v1/heartbeats")).toBe(3);
  });
});
