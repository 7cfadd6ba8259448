import { serve, type Fake, type Told } from "./httpFake.ts";

/** Doppler's state, which a test may change while it serves. */
export interface DopplerState {
  readonly token: string;
  /** Whether the token is of one config, as service tokens are; others have to name it. */
  readonly service: boolean;
  readonly secrets: Readonly<Record<string, string | null>>;
  /** Requests that are refused for being too many, before any other. */
  tooMany?: number;
  odd?: Told;
}

const refused = (status: number, message: string): Told => ({
  status,
  json: { messages: [message], success: false },
});

/** Doppler's `GET /v3/configs/config/secret`. */
export function fakeDoppler(state: DopplerState): Promise<Fake> {
  return serve(({ method, url, headers }) => {
    if (state.odd !== undefined) return state.odd;
    if ((state.tooMany ?? 0) > 0) {
      state.tooMany = state.tooMany! - 1;
      const { json } = refused(429, "Rate limit exceeded") as { readonly json: unknown };
      return { status: 429, json, headers: { "retry-after": "0" } };
    }
    if (headers.authorization !== `Bearer ${state.token}`) return refused(401, "Invalid Auth token");
    if (method !== "GET" || url.pathname !== "/v3/configs/config/secret") return refused(404, "Not found");
    const named = url.searchParams.get("project") === "bot" && url.searchParams.get("config") === "prd";
    if (!state.service && !named) return refused(400, "Must specify a project and config");
    const name = url.searchParams.get("name") ?? "";
    const value = state.secrets[name];
    if (value === undefined) return refused(404, `Could not find requested secret: ${name}`);
    const known = value === null ? null : { raw: "${OTHER}", computed: value, note: "" };
    return { status: 200, json: { name, value: known, success: true } };
  });
}
