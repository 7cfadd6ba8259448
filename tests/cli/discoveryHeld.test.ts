import { defaultWorld, startVenue } from "@matchpoint/paper-venue";
import { parseConfig, SystemClock } from "@matchpoint/sdk";
import { expect, it } from "vitest";
import { Discovery } from "../../packages/cli/src/discover/discovery.ts";
import { Environment, Secrets } from "../../packages/cli/src/secrets/index.ts";

it("does not find anew what a run trades anyhow: its terms are watched, and must not slip in with a listing", async () => {
  const markets = defaultWorld({ seed: 21, wallStart: Date.now(), secondsDelay: 0 });
  const venue = await startVenue({ seed: 21, markets });
  try {
    const config = parseConfig({
      discover: { games: ["cs2", "lol"], kinds: ["match", "map"] },
      execution: { clob_url: venue.clob, user_url: venue.wsUser },
      feeds: { polymarket: { rest_url: venue.clob, gamma_url: venue.gamma } },
    });
    const environment = new Environment({}, false);
    const secrets = new Secrets(config, { environment, folder: ".", io: { err: () => undefined } });
    const look = async (of: Discovery) => (await of.look(new AbortController().signal)).added;
    const discovery = (): Discovery =>
      new Discovery(config, config.discover!, secrets, new SystemClock(), () => undefined);
    const [held, ...others] = await look(discovery());
    expect(others.length).toBeGreaterThan(0);
    const again = discovery();
    again.trades([held!.market]);
    expect((await look(again)).map(({ market }) => market.marketId)).toEqual(
      others.map(({ market }) => market.marketId),
    );
  } finally {
    await venue.close();
  }
});
