import { createHash } from "node:crypto";
import type { Sha256 } from "../journal/index.ts";

/** SHA-256 by Node. */
export const nodeSha256: Sha256 = () => {
  const hash = createHash("sha256");
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => hash.digest("hex"),
  };
};
