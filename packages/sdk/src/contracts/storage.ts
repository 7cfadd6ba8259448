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

/** Name of a secret, such as `polymarket.private_key`. */
export type SecretName = string;

/** Gives secrets by name. Paper mode never asks for one. */
export interface SecretProvider {
  get(name: SecretName): Promise<{ reveal(): string }>;
}
