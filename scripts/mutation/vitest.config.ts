import { defineConfig } from "vitest/config";
import { warm } from "./warmThread.ts";

const [room] = (process.env["MATCHPOINT_MUTATED"] ?? "units").split("/");
const conditions = ["@matchpoint/source"];

export default defineConfig({
  plugins: [warm],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [`packages/sdk/test/${room!}/**/*.test.ts`],
    setupFiles: ["scripts/mutation/setup.ts"],
    isolate: false,
  },
});
