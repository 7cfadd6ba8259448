// Serves the built page with a made-up run: `node serve.ts [port] [--json options]`, to look at the page while it is worked on.
import { join } from "node:path";
import { FakeThread, type FakeOptions } from "./fakeThread.ts";

const [port = "0", options = "{}"] = process.argv.slice(2);
const thread = new FakeThread(join(import.meta.dirname, "../../dist"), JSON.parse(options) as FakeOptions);
console.log(await thread.open(Number(port)));
