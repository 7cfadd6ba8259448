import { defineConfig, type UserConfig } from "vite";

// Everything the page needs comes from the run that serves it, in files of its own: the server's content security policy allows no
// inline script or style, and nothing from elsewhere.
const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    // A data: address in a style sheet or script would be refused; so would a polyfill that is written into the page.
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    sourcemap: false,
  },
});

export default config;
