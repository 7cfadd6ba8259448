/** Names a file-like thing within a storage. */
export type Segment = string;

/** Where a journal's bytes go: a disk, memory, or something faulty in a test. */
export interface Storage {
  /** Takes bytes in order. They are valid during the call only: copy or write them before returning. */
  append(segment: Segment, bytes: Uint8Array): void;
  /** Resolves when everything appended so far would survive a power loss. */
  sync(): Promise<void>;
  /** Syncs and lets go. */
  close(): Promise<void>;
}

/** Structured log lines; the SDK writes nowhere by itself. */
export interface Logger {
  debug(message: string, data?: Readonly<Record<string, unknown>>): void;
  info(message: string, data?: Readonly<Record<string, unknown>>): void;
  warn(message: string, data?: Readonly<Record<string, unknown>>): void;
  error(message: string, data?: Readonly<Record<string, unknown>>): void;
}

/** Name of a secret as its provider knows it: a variable, a path, `mount/path#field`. */
export type SecretName = string;

/**
 * Where secrets come from. A {@link Secret} is what to answer with; anything that can `reveal()` will do. Paper mode asks for no private
 * key.
 *
 * @example
 * ```ts
 * import { MatchpointError, Secret, type SecretProvider } from "@matchpoint/sdk";
 *
 * export function fromMap(map: ReadonlyMap<string, string>): SecretProvider {
 *   return {
 *     get: async (name) => {
 *       const value = map.get(name);
 *       if (value === undefined) throw new MatchpointError("SECRET_MISSING", `there is no ${name} in the map`);
 *       return new Secret(value);
 *     },
 *   };
 * }
 * ```
 */
export interface SecretProvider {
  /**
   * @throws `MatchpointError` `SECRET_MISSING` when there is none of that name, `SECRET_DENIED` when it is not given to this process,
   * `SECRET_UNAVAILABLE` when asking again may help. No error has a secret in it.
   */
  get(name: SecretName): Promise<{ reveal(): string }>;
}
