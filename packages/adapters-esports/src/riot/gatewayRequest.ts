/** Where the web client of lolesports.com asks. */
export const GATEWAY_URL = "https://esports-api.lolesports.com";

/** A question to the gateway. The key goes into a header, so that no address holds it. */
export function gatewayRequest(
  base: string,
  operation: "getEventDetails" | "getSchedule" | "getLive",
  parameters: Readonly<Record<string, string>>,
  key: string,
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const query = new URLSearchParams({ hl: "en-US", ...parameters });
  return {
    url: `${base}/persisted/gw/${operation}?${query.toString()}`,
    headers: { accept: "application/json", "x-api-key": key },
  };
}
