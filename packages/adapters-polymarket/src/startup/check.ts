/** One thing that must hold before live orders are sent: what was looked at, what was found, and what to do about it. */
export interface LiveCheck {
  readonly id: "geoblock" | "version" | "clock" | "api-key" | "account" | "funder" | `market:${string}`;
  readonly status: "ok" | "warn" | "fail";
  readonly found: string;
  /** Empty when there is nothing to do. */
  readonly fix: string;
}
