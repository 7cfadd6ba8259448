import { MatchpointError, SECRETS, type SecretKey } from "@matchpoint/sdk";
import type { Secrets } from "./secrets.ts";

/**
 * Secrets of which all or none are wanted; empty: there is none.
 * @throws MatchpointError `CREDENTIALS_INVALID`
 */
export async function whole(
  names: readonly SecretKey[],
  secrets: Secrets,
  message: string,
  otherwise: string,
): Promise<readonly string[]> {
  const found: (string | undefined)[] = [];
  for (const name of names) found.push((await secrets.find(name))?.reveal());
  const there = found.filter((each) => each !== undefined);
  if (there.length === 0 || there.length === names.length) return there;
  const [last, ...others] = names.map((name) => SECRETS[name].variable).reverse();
  throw new MatchpointError("CREDENTIALS_INVALID", message, {
    hint: `Set ${others.reverse().join(", ")} and ${last!}, ${otherwise}`,
  });
}
