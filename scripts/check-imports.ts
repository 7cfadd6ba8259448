// Checks who imports whom: packages by the table PACKAGES, rooms of packages/sdk/src by FLOORS. Both are data; a change
// of direction is made here, with its reason, or not at all.
import { existsSync, globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";

interface Row {
  /** Workspace packages it may import. */
  readonly internal: readonly string[];
  /** Registry packages it may import. */
  readonly external: readonly string[];
  /** Those of them of which only types may be imported: they are not published. */
  readonly typesOnly?: readonly string[];
  /** Registry packages that only files under this folder may import. */
  readonly only?: Readonly<Record<string, string>>;
}

const PACKAGES: Readonly<Record<string, Row>> = {
  "packages/sdk": { internal: [], external: ["zod", "eventemitter3", "yaml"], only: { yaml: "src/node/" } },
  "packages/adapters-esports": { internal: ["sdk"], external: ["ws", "zod"] },
  "packages/adapters-polymarket": {
    internal: ["sdk"],
    external: ["ws", "zod", "ethers", "@polymarket/clob-client-v2", "secp256k1", "tiny-secp256k1"],
  },
  "packages/paper-broker": { internal: ["sdk"], external: [] },
  "packages/paper-venue": { internal: ["sdk", "paper-broker"], external: ["ws", "ethers"] },
  "packages/testing": { internal: ["sdk", "paper-broker", "paper-venue"], external: ["ws", "zod"] },
  "packages/cli": {
    internal: [
      "sdk",
      "adapters-esports",
      "adapters-polymarket",
      "paper-broker",
      "paper-venue",
      "testing",
      "dashboard",
    ],
    external: ["commander", "log-update", "zod", "ws", "pino", "prom-client", "@aws-sdk/client-ssm"],
    only: {
      ws: "src/dashboard/",
      pino: "src/logs/",
      "prom-client": "src/metrics/",
      "@aws-sdk/client-ssm": "src/secrets/",
    },
    typesOnly: ["dashboard"],
  },
  // A page of a browser: it knows the run by its frames alone.
  "packages/dashboard": {
    internal: [],
    external: ["preact", "uplot", "vite", "ws", "playwright-core"],
    only: { ws: "test/", vite: "test/", "playwright-core": "test/" },
  },
  "examples/reference-bot": { internal: ["cli", "sdk"], external: ["zod"] },
};

/** What files under test/ may import on top of what their package may. */
const TEST_TOOLS = ["vitest", "fast-check"];

/** The rooms of the core, ground floor first. A room imports only rooms on floors below its own. */
const FLOORS: readonly (readonly string[])[] = [
  ["units", "ids", "errors"],
  ["events", "clock"],
  ["book", "state"],
  ["truth", "portfolio", "orders"],
  ["trading", "risk", "strategy"],
  ["engine"],
  ["contracts", "bus", "journal", "recording"],
  ["reconcile", "observe", "config"],
  ["runtime"],
  ["node"],
];

interface Exception {
  readonly from: string;
  readonly to: string;
  readonly typesOnly: boolean;
  readonly reason: string;
}

const EXCEPTIONS: readonly Exception[] = [
  { from: "units", to: "errors", typesOnly: false, reason: "a refused number is a coded error" },
  { from: "ids", to: "errors", typesOnly: false, reason: "a refused identifier is a coded error" },
  {
    from: "journal",
    to: "contracts",
    typesOnly: true,
    reason: "it writes to a Storage, one of the shell's ports",
  },
  {
    from: "recording",
    to: "contracts",
    typesOnly: true,
    reason: "it plays frames through a FrameDecoder, one of the shell's ports",
  },
  { from: "journal", to: "contracts", typesOnly: true, reason: "where its bytes go is a port" },
  { from: "recording", to: "contracts", typesOnly: true, reason: "storage and frame decoders are ports" },
  { from: "strategy", to: "trading", typesOnly: true, reason: "a context shows the trading state" },
  {
    from: "risk",
    to: "trading",
    typesOnly: true,
    reason: "the gate asks the trading machines for permissions",
  },
  { from: "strategy", to: "risk", typesOnly: true, reason: "a context shows the limits in force" },
];

interface Apart {
  /** A folder whose files bring in nothing that runs but each other, Node's own modules and `external`. */
  readonly folder: string;
  /** Registry packages that they may run all the same. */
  readonly external: readonly string[];
  readonly reason: string;
}

/** Code that must not share a mistake with what it stands beside: of everything else it may know the types. */
const APART: readonly Apart[] = [
  {
    folder: "packages/testing/src/torture/judge/",
    external: [],
    reason: "judges share no code with what they judge",
  },
  {
    folder: "packages/adapters-polymarket/src/cancelAll/",
    external: ["ethers"],
    reason: "the canceller has to work when the bot's code does not",
  },
];

interface Import {
  /** Undefined for a dynamic import whose specifier is computed. */
  readonly specifier: string | undefined;
  readonly line: number;
  readonly typeOnly: boolean;
}

const SCOPE = "@matchpoint/";
const SDK = "packages/sdk";

export function checkImports(root: string): string[] {
  const problems: string[] = [];
  for (const dir of globSync(["packages/*", "examples/*"], { cwd: root }).map(posix).sort()) {
    if (!existsSync(join(root, dir, "package.json"))) continue;
    const row = PACKAGES[dir];
    if (row === undefined) {
      problems.push(`${dir}: not in the package table of scripts/check-imports.ts`);
      continue;
    }
    problems.push(...checkManifest(root, dir, row));
    for (const file of globSync(`${dir}/{src,test}/**/*.{ts,tsx}`, { cwd: root }).map(posix).sort()) {
      for (const found of importsOf(join(root, file))) {
        const problem =
          checkPackageImport(root, dir, row, file, found) ??
          checkRoomImport(root, file, found) ??
          checkApart(root, file, found);
        if (problem !== undefined) problems.push(`${file}:${found.line}: ${problem}`);
      }
    }
  }
  return [...problems, ...checkRoomNames(root), ...checkMainEntry(root)];
}

function checkManifest(root: string, dir: string, row: Row): string[] {
  const manifest = readManifest(root, dir);
  const allowed = new Set([...row.internal.map((name) => SCOPE + name), ...row.external]);
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return declared
    .filter((name) => !allowed.has(name))
    .map((name) => `${dir}/package.json: may not depend on ${name}`);
}

function checkPackageImport(
  root: string,
  dir: string,
  row: Row,
  file: string,
  found: Import,
): string | undefined {
  const { specifier } = found;
  if (specifier === undefined) {
    return dir === SDK && !file.startsWith(`${SDK}/src/node/`)
      ? "an import of a computed name cannot be checked"
      : undefined;
  }
  if (specifier.startsWith(".")) {
    const target = posix(relative(root, resolve(root, dirname(file), specifier)));
    return target.startsWith(`${dir}/`)
      ? undefined
      : `${target} is outside ${dir}; import the package by its name`;
  }
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith("node:")) return `write node:${specifier}`;
    const free = dir !== SDK || file.startsWith(`${SDK}/src/node/`) || file.startsWith(`${SDK}/test/`);
    return free ? undefined : `${specifier} may be imported only under ${SDK}/src/node`;
  }
  const name = packageOf(specifier);
  if (name.startsWith(SCOPE)) return checkWorkspaceImport(root, dir, row, file, found);
  const inTest = file.startsWith(`${dir}/test/`);
  if (inTest && TEST_TOOLS.includes(name)) return undefined;
  if (!row.external.includes(name)) return `${dir} may not import ${name}`;
  const home = row.only?.[name];
  return home === undefined || inTest || file.startsWith(`${dir}/${home}`)
    ? undefined
    : `${name} may be imported only under ${dir}/${home}`;
}

function checkWorkspaceImport(
  root: string,
  dir: string,
  row: Row,
  file: string,
  { specifier = "", typeOnly }: Import,
): string | undefined {
  const short = packageOf(specifier).slice(SCOPE.length);
  const own = dir === `packages/${short}`;
  if (own && !file.startsWith(`${dir}/test/`)) return "a package does not import itself by name";
  if (!own && !row.internal.includes(short)) return `${dir} may not import ${SCOPE}${short}`;
  if (row.typesOnly?.includes(short) === true && !typeOnly)
    return `${dir} may import only types of ${SCOPE}${short}`;
  const subpath = `.${specifier.slice(SCOPE.length + short.length)}`;
  const target = `packages/${short}`;
  if (!existsSync(join(root, target, "package.json"))) return `there is no package ${SCOPE}${short}`;
  return subpath in (readManifest(root, target).exports ?? {})
    ? undefined
    : `${specifier} is not among the exports of ${SCOPE}${short}`;
}

function checkRoomImport(root: string, file: string, found: Import): string | undefined {
  if (!file.startsWith(`${SDK}/src/`) || found.specifier?.startsWith(".") !== true) return undefined;
  const target = posix(relative(root, resolve(root, dirname(file), found.specifier)));
  const from = roomOf(file);
  const to = roomOf(target);
  if (to === undefined) return "no file imports the package's own door";
  if (from === to) return undefined;
  if (target !== `${SDK}/src/${to}/index.ts` && target !== `${SDK}/src/${to}.ts`) {
    return `${to} is entered only through its index.ts`;
  }
  if (from === undefined) {
    return to === "node" ? "the main entry may not import node/" : undefined;
  }
  if (floorOf(to) < floorOf(from)) return undefined;
  const exception = EXCEPTIONS.find((one) => one.from === from && one.to === to);
  if (exception === undefined)
    return `${from} (floor ${floorOf(from)}) may not import ${to} (floor ${floorOf(to)})`;
  return exception.typesOnly && !found.typeOnly ? `${from} may import only types from ${to}` : undefined;
}

function checkApart(root: string, file: string, { specifier, typeOnly }: Import): string | undefined {
  const apart = APART.find(({ folder }) => file.startsWith(folder));
  if (apart === undefined || typeOnly) return undefined;
  const { folder, external, reason } = apart;
  if (specifier !== undefined) {
    const target = posix(relative(root, resolve(root, dirname(file), specifier)));
    if (specifier.startsWith(".") ? target.startsWith(folder) : isBuiltin(specifier)) return undefined;
    if (external.includes(specifier)) return undefined;
  }
  return `${folder} may import only types of ${specifier ?? "a computed name"}: ${reason}`;
}

function checkRoomNames(root: string): string[] {
  const rooms = globSync(`${SDK}/src/*`, { cwd: root }).map((path) => roomOf(posix(path)));
  return rooms
    .filter((room) => room !== undefined && floorOf(room) === 0)
    .map((room) => `${SDK}/src/${String(room)}: not in the floor plan of scripts/check-imports.ts`);
}

/** Walks the graph of the SDK's main entry: it must stay loadable where there is no Node. */
function checkMainEntry(root: string): string[] {
  const problems: string[] = [];
  const start = `${SDK}/src/index.ts`;
  const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
  for (const file of cameFrom.keys()) {
    if (!existsSync(join(root, file))) continue;
    for (const { specifier } of importsOf(join(root, file))) {
      if (specifier === undefined) continue;
      if (specifier.startsWith(".")) {
        const target = posix(relative(root, resolve(root, dirname(file), specifier)));
        if (!cameFrom.has(target)) cameFrom.set(target, file);
      } else if (isBuiltin(specifier)) {
        const chain = [specifier];
        for (let at: string | undefined = file; at !== undefined; at = cameFrom.get(at)) chain.unshift(at);
        problems.push(`the main entry of ${SDK} reaches ${specifier}: ${chain.join(" > ")}`);
      }
    }
  }
  return problems;
}

/** All imports of a file: static, dynamic, re-exports and `import("x").T` types. */
function importsOf(path: string): Import[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    const text = specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : undefined;
    found.push({ specifier: text, line, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeOnlyImport(node.importClause));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node, node.moduleSpecifier, isTypeOnlyExport(node));
    } else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnlyImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((element) => element.isTypeOnly)
  );
}

function isTypeOnlyExport(node: ts.ExportDeclaration): boolean {
  if (node.isTypeOnly) return true;
  const named = node.exportClause;
  return (
    named !== undefined && ts.isNamedExports(named) && named.elements.every((element) => element.isTypeOnly)
  );
}

/** The room of a path under packages/sdk/src; undefined for the door src/index.ts. */
function roomOf(path: string): string | undefined {
  const first = path.slice(`${SDK}/src/`.length).split("/")[0] ?? "";
  const room = first.endsWith(".ts") ? first.slice(0, -".ts".length) : first;
  return room === "index" ? undefined : room;
}

/** Floors count from 1; 0 means that there is no such room. */
function floorOf(room: string): number {
  return FLOORS.findIndex((floor) => floor.includes(room)) + 1;
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

function readManifest(root: string, dir: string): Manifest {
  return JSON.parse(readFileSync(join(root, dir, "package.json"), "utf8")) as Manifest;
}

function posix(path: string): string {
  return path.split(sep).join("/");
}

if (process.argv[1] === import.meta.filename) {
  const problems = checkImports(resolve(import.meta.dirname, ".."));
  for (const line of problems) console.error(line);
  if (problems.length > 0) process.exit(1);
  console.log("Imports: all directions hold.");
}
