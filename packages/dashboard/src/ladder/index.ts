/** Both outcomes as one book. @module */
export { Ladder } from "./ladder.tsx";
