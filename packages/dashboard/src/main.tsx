import { render } from "preact";
import { App } from "./app.tsx";
import { Connection, order, Store, tokenOf } from "./store/index.ts";
import type { PageTools } from "./ui/page.ts";

const store: Store = new Store(() => {
  requestAnimationFrame(() => {
    store.flush();
  });
});

const token = tokenOf({
  hash: location.hash,
  kept: sessionStore(),
  hide: () => {
    history.replaceState(null, "", location.pathname);
  },
});

const connection = new Connection(store, token ?? "", {
  open: (protocols) => new WebSocket(`ws://${location.host}/ws`, protocols),
  now: () => Date.now(),
  later: (ms, run) => {
    setTimeout(run, ms);
  },
});

setInterval(() => {
  store.watch(Date.now());
}, 1_000);

const tools: PageTools = {
  store,
  send: (frame) => connection.send(frame),
  choose: (market) => {
    if (market === store.chosen) return;
    store.choose(market);
    connection.look();
  },
  order: (action, reason, market) =>
    order(
      store,
      {
        token: token ?? "",
        fetch: (path, init) => fetch(path, init),
        newId: () => crypto.randomUUID(),
      },
      action,
      reason,
      market,
    ),
};

if (token === undefined)
  store.setLink({
    kind: "refused",
    text: "This page needs the whole address that the run printed, with what stands behind the #. Run `matchpoint dashboard` to see it again.",
  });
else connection.open();

render(<App tools={tools} />, document.getElementById("page")!);

function sessionStore(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
