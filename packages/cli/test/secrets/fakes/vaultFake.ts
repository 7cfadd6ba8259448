import { serve, type Asked, type Fake, type Told } from "./httpFake.ts";

/** A version of what is kept at a path of a key-value engine. */
export interface Kept {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly deleted?: boolean;
}

/** Vault's state, which a test may change while it serves. */
export interface VaultState {
  sealed?: boolean;
  /** Requests that are still answered; after that the quota is used up. */
  quota?: number;
  namespace?: string;
  readonly token: string;
  /** Paths that the token may read; absent: all. */
  readonly allowed?: readonly string[];
  readonly kv: Record<string, Kept>;
  /** An AppRole and how often its secret id may still be used. */
  approle?: { readonly roleId: string; readonly secretId: string; uses: number };
  /** Answers with something else. */
  odd?: Told;
}

const errors = (status: number, ...texts: string[]): Told => ({
  status,
  json: { errors: texts },
  // Vault names no time; a fake that asks for none keeps tests short.
  headers: { "retry-after": "0" },
});

/** Vault's KV v2 engine at `secret/`, and AppRole. */
export function fakeVault(state: VaultState): Promise<Fake> {
  return serve((asked) => answer(asked, state));
}

function answer({ method, url, headers, body }: Asked, state: VaultState): Told {
  if (state.odd !== undefined) return state.odd;
  if (state.sealed === true) return errors(503, "Vault is sealed");
  if (state.quota !== undefined && state.quota-- <= 0)
    return errors(429, `request path "${url.pathname}": rate limit quota exceeded`);
  if ((headers["x-vault-namespace"] ?? "") !== (state.namespace ?? "")) return errors(404);
  if (url.pathname === "/v1/auth/approle/login" && method === "POST") return login(body, state);
  if (headers["x-vault-token"] !== state.token) return errors(403, "permission denied");
  const path = /^\/v1\/secret\/data\/(.+)$/.exec(url.pathname)?.[1];
  if (path === undefined || method !== "GET") return errors(404);
  if (state.allowed?.includes(path) === false)
    return errors(403, "1 error occurred:\n\t* permission denied\n\n");
  const kept = state.kv[path];
  if (kept === undefined) return errors(404);
  const metadata = {
    created_time: "2026-11-01T10:00:00.123456789Z",
    custom_metadata: null,
    deletion_time: kept.deleted === true ? "2026-11-02T10:00:00.123456789Z" : "",
    destroyed: false,
    version: 3,
  };
  const about = { request_id: "6e1f", lease_id: "", renewable: false, lease_duration: 0, warnings: null };
  const data = { data: kept.deleted === true ? null : kept.data, metadata };
  return { status: kept.deleted === true ? 404 : 200, json: { ...about, data, auth: null } };
}

function login(body: string, state: VaultState): Told {
  const { approle } = state;
  const given = JSON.parse(body) as { readonly role_id?: string; readonly secret_id?: string };
  if (approle === undefined || given.role_id !== approle.roleId)
    return errors(400, "invalid role or secret ID");
  if (given.secret_id !== approle.secretId || approle.uses <= 0)
    return errors(400, "invalid role or secret ID");
  approle.uses -= 1;
  const auth = { client_token: state.token, accessor: "a", policies: ["default"], lease_duration: 1_200 };
  return { status: 200, json: { request_id: "6e20", data: null, auth: { ...auth, renewable: true } } };
}
