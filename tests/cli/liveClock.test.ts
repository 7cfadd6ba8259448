import { startVenue } from "@matchpoint/paper-venue";
import { afterEach, expect, it, vi } from "vitest";
import { KEY, liveConfig, WALLET } from "./liveSupport.ts";
import { command, temporaryFolder } from "./support.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ["behind", 5_000],
  ["ahead of", -5_000],
])("a live run refuses to start with a clock that is five seconds %s the venue's", async (where, ms) => {
  const venue = await startVenue({ seed: 3, funds: { [WALLET]: 500_000_000 as never } });
  try {
    venue.command({ do: "fault", kind: "clock_skew", durationMs: 60_000, params: { ms } });
    vi.stubEnv("MATCHPOINT_PRIVATE_KEY", KEY);
    const ended = await command([
      "run",
      "--live",
      "--config",
      liveConfig(venue, temporaryFolder(), "bot.yaml"),
    ]);
    expect(ended.err).toMatch(new RegExp(`our clock is (4[5-9]|5[0-5])\\d\\d ms ${where} the venue`));
    expect(ended.err).toMatch(/Have the machine's clock set by NTP/);
    expect(ended.err).toMatch(/CLOCK_SKEWED/);
    expect(ended.code).toBe(3);
    expect(ended.out + ended.err).not.toContain(KEY.slice(2));
  } finally {
    await venue.close();
  }
});
