/** Secrets: where they come from, and what is refused of them. @module */
export { demandNotInDotenv } from "./dotenv.ts";
export { Environment } from "./environment.ts";
export { Secrets } from "./secrets.ts";
export { whole } from "./whole.ts";
