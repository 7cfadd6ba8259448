import { createRequire } from "node:module";

/** A peer's object: its types are not there before it is installed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- nothing is known of it here
export type Foreign = any;

/** Imports a package that may not be installed when this file is type-checked. */
export async function load(name: string): Promise<Foreign> {
  return import(name);
}

/** The same for packages that are CommonJS. */
export const require: (name: string) => Foreign = createRequire(import.meta.url);
