import { Secret, SECRETS } from "@matchpoint/sdk";

const OWN = Object.values(SECRETS).map(({ variable }) => variable);

/**
 * The secrets of the environment. In a process of our own each is read once and taken out of it, so that neither a child nor code that
 * looks into `process.env` later finds it; a program that hosts the commands keeps its environment as it is.
 */
export class Environment {
  readonly #env: NodeJS.ProcessEnv;
  readonly #takes: boolean;
  readonly #taken = new Map<string, Secret>();

  /** @param takes whether what is read is taken out; then Matchpoint's own variables are at once */
  constructor(env: NodeJS.ProcessEnv, takes: boolean) {
    this.#env = env;
    this.#takes = takes;
    if (takes) for (const name of OWN) this.find(name);
  }

  /** A variable's value; `undefined` when it is not set, or empty. */
  find(name: string): Secret | undefined {
    const known = this.#taken.get(name);
    if (known !== undefined) return known;
    const value = this.#env[name]?.trim() ?? "";
    if (this.#takes) Reflect.deleteProperty(this.#env, name);
    if (value === "") return undefined;
    const secret = new Secret(value);
    if (this.#takes) this.#taken.set(name, secret);
    return secret;
  }

  /** The environment as it was, for a process that is to be what this one is. */
  whole(): NodeJS.ProcessEnv {
    return {
      ...this.#env,
      ...Object.fromEntries([...this.#taken].map(([name, secret]) => [name, secret.reveal()])),
    };
  }
}
