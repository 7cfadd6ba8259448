import { MatchpointError, Secret, type SecretProvider } from "@matchpoint/sdk";
import { ask, headerValue, part } from "./ask.ts";

/** What {@link dopplerSecrets} needs. */
export interface DopplerOptions {
  readonly url: string;
  /** Absent: those that a service token is for. */
  readonly project?: string;
  readonly config?: string;
  readonly timeoutMs: number;
  readonly token: () => Promise<Secret>;
}

/**
 * Secrets of a Doppler config, one by one: the token needs no more than to read. Source: docs.doppler.com/reference/secrets-get.
 * Names are those of the config.
 */
export function dopplerSecrets(options: DopplerOptions): SecretProvider {
  const { url, project, config, timeoutMs, token } = options;
  return {
    async get(name) {
      const query = new URLSearchParams({
        name,
        ...(project === undefined ? {} : { project }),
        ...(config === undefined ? {} : { config }),
      });
      const { status, body } = await ask({
        who: "Doppler",
        url: `${url.replace(/\/+$/, "")}/v3/configs/config/secret?${query.toString()}`,
        headers: { authorization: `Bearer ${headerValue((await token()).reveal(), "Doppler's token")}` },
        timeoutMs,
      });
      if (status === 404)
        throw new MatchpointError("SECRET_MISSING", `Doppler has no ${name} in that config`, {
          hint: "Is it in the config that the token is for? See secret_providers.doppler.",
        });
      if (status !== 200)
        throw new MatchpointError("SECRET_DENIED", `Doppler does not give ${name}: status ${status}`, {
          hint:
            status === 400
              ? "A token that is not of one config needs secret_providers.doppler.project and config."
              : "Is the token right (secrets.doppler_token), and may it read that config?",
        });
      const { computed } = part(body, "value");
      if (typeof computed !== "string")
        throw new MatchpointError("HTTP_RESPONSE_INVALID", `Doppler's answer has no value of ${name}`, {
          hint: "A restricted secret cannot be read back: make it masked or unmasked.",
        });
      return new Secret(computed);
    },
  };
}
