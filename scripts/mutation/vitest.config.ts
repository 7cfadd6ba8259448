import { defineConfig } from "vitest/config";

const room = process.env["MATCHPOINT_ROOM"] ?? "units";
const conditions = ["@matchpoint/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: [`packages/sdk/test/${room}/**/*.test.ts`], isolate: false },
});
