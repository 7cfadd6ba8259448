import { describe, expect, it } from "vitest";
import { startVenue, type RunningVenue } from "@matchpoint/paper-venue";
import { describeCli } from "../../packages/cli/src/program.ts";
import { USAGE } from "../../packages/paper-venue/src/program.ts";
import { command, lastJson, startBot } from "./support.ts";

const OWNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

describe("matchpoint venue", () => {
  it("says where it is and what it lists, serves what was asked for, and ends at Ctrl-C", async () => {
    const venue = startBot(["venue", "--seed", "5", "--fund", `${OWNER}=12.5`, "--no-liquidity"]);
    await venue.until(/docs\/going-live\.md/);
    const told = venue.written();
    expect(told).toMatch(/^A local venue with 10 markets\. No money is real; Ctrl-C ends it\.\n/);
    expect(told).toMatch(/^LoL: T1 vs Gen\.G \(BO5\) - LCK Playoffs +T1 \/ Gen\.G +0x[0-9a-f]{64}$/m);
    const clob = /^orders +(http:\S+) +execution\.clob_url/m.exec(told)![1]!;
    const admin = /^admin +(http:\S+)$/m.exec(told)![1]!;
    const book = async (market: RunningVenue["markets"][number]): Promise<number> => {
      const answer = await fetch(`${clob}/book?token_id=${market.tokens[0]!.tokenId}`);
      return ((await answer.json()) as { readonly bids: readonly unknown[] }).bids.length;
    };
    const twin = await startVenue({ seed: 5 });
    // The same seed lists the same markets; here nobody makes a price.
    expect(told).toContain(twin.markets[0]!.conditionId);
    expect(await book(twin.markets[0]!)).toBe(0);
    await twin.close();
    const ask = JSON.stringify({ do: "account", address: OWNER });
    const account = await fetch(admin, { method: "POST", body: ask });
    expect(await account.json()).toMatchObject({ ok: true, collateral: 12_500_000 });

    // A second one at the same port is refused in words; this process ends by itself.
    const again = await command(["venue", "--port", new URL(clob).port, "--json"]);
    expect(again.code).toBe(1);
    expect(lastJson(again.out)).toMatchObject({
      error: { code: "FEED_CONNECTION", hint: expect.stringMatching(/another port/) as string },
    });
    venue.child.kill("SIGINT");
    expect((await venue.ended).code).toBe(0);
    await expect(fetch(`${clob}/ok`)).rejects.toThrow();
  });

  it("has the flags of the venue's own program, and names the same tiers", () => {
    const verb = describeCli().commands.find((each) => each.name() === "venue")!;
    const own = [...USAGE.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect(verb.options.map(({ long }) => long).sort()).toEqual(
      [...own.filter((flag) => flag !== "--help"), "--json"].sort(),
    );
    const tiers = (text: string): readonly string[] => text.match(/\b[A-Z][a-z]+(?=,| or|$|\n)/g) ?? [];
    const ours = verb.options.find(({ long }) => long === "--rate-limits")!.description;
    expect(tiers(ours)).toEqual(tiers(/--rate-limits .*/.exec(USAGE)![0]));
    expect(tiers(ours)).toHaveLength(8);
  });
});
