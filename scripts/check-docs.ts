// Keeps the documentation true: type-checks every ```ts block against the sources, and follows every relative link.
//
// A block stands on its own. "```ts continue" goes on from the block before it on the same page, sharing its imports
// and names. Blocks keep their line numbers, so an error names the line in the Markdown file.
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

export interface Page {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

const IGNORED = ["node_modules", "dist", "docs/api", "coverage", ".git"];

/** All Markdown pages of the repository. */
export function readPages(root: string): Page[] {
  return globSync(["*.md", "{docs,packages,examples,.github}/**/*.md"], {
    cwd: root,
    exclude: (path) => IGNORED.some((part) => path === part || path.endsWith(`/${part}`)),
  })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

interface Fence {
  readonly info: string;
  readonly start: number;
  readonly lines: readonly string[];
}

function fencesOf(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: { mark: string; info: string; start: number; lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const match = /^\s*(`{3,}|~{3,})(.*)$/.exec(line);
    if (open === undefined) {
      if (match !== null)
        open = { mark: match[1] ?? "", info: (match[2] ?? "").trim(), start: index + 1, lines: [] };
    } else if (match !== null && (match[1] ?? "").startsWith(open.mark) && (match[2] ?? "").trim() === "") {
      fences.push(open);
      open = undefined;
    } else {
      open.lines.push(line);
    }
  }
  return open === undefined ? fences : [...fences, open];
}

/** The TypeScript of a page as modules in which every line stands where it stands in the page. */
export function snippetsOf(page: Page): string[] {
  const modules: string[] = [];
  for (const fence of fencesOf(page.text)) {
    const [language, ...flags] = fence.info.split(/\s+/);
    if (language !== "ts" && language !== "typescript") continue;
    const before = flags.includes("continue") ? modules.pop() : undefined;
    // The first line of the block is line fence.start + 1 of the page.
    const missing = before === undefined ? fence.start : fence.start + 1 - before.split("\n").length;
    modules.push((before ?? "") + "\n".repeat(missing) + fence.lines.join("\n"));
  }
  return modules;
}

/** A line that a reader is to type. */
export interface DocumentedCommand {
  /** `page.md:12` */
  readonly where: string;
  /** Without what stands before the program, and without a remark. */
  readonly text: string;
  /** Whether it is one of those that need no network and end by themselves: ```` ```sh follow ````. */
  readonly followed: boolean;
}

/** The commands of a page: of its shell blocks, continued lines put together, and what stands as code within its text. */
export function commandsOf(page: Page): DocumentedCommand[] {
  const inText = proseOf(page.text).flatMap((line, index) =>
    [...line.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => ({
      where: `${page.path}:${index + 1}`,
      text,
      followed: false,
    })),
  );
  return [...inShellBlocks(page), ...inText];
}

function inShellBlocks(page: Page): DocumentedCommand[] {
  return fencesOf(page.text).flatMap(({ info, start, lines }) => {
    const [language = "", ...flags] = info.split(/\s+/);
    if (!["sh", "bash", "shell"].includes(language)) return [];
    const commands: DocumentedCommand[] = [];
    let text = "";
    for (const [index, line] of lines.entries()) {
      text += line.replace(/(^|\s)#\s.*$/, "").trimEnd();
      if (text.endsWith("\\")) {
        text = text.slice(0, -1);
        continue;
      }
      for (const part of text.split(" && "))
        if (part.trim() !== "")
          commands.push({
            where: `${page.path}:${start + index + 1}`,
            text: part.trim().replace(/^(?:[A-Z_]+=\S* )+/, ""),
            followed: flags.includes("follow"),
          });
      text = "";
    }
    return commands;
  });
}

/** Type-checks all blocks of the pages in one program. Returns one line per error, as `page.md:line: message`. */
export function checkSnippets(root: string, pages: readonly Page[]): string[] {
  const sources = new Map<string, { page: string; text: string }>();
  for (const page of pages) {
    for (const [index, text] of snippetsOf(page).entries()) {
      sources.set(join(root, `.docs/${page.path}.${index}.ts`), { page: page.path, text });
    }
  }
  if (sources.size === 0) return [];
  const options = docsOptions(root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path)?.text ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const source = sources.get(path);
    return source === undefined
      ? getSourceFile(path, version, ...rest)
      : ts.createSourceFile(path, source.text, version);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources].flatMap(([path, source]) => {
    const file = program.getSourceFile(path);
    const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return diagnostics.map((one) => {
      const line = file?.getLineAndCharacterOfPosition(one.start ?? 0).line ?? 0;
      return `${source.page}:${line + 1}: ${ts.flattenDiagnosticMessageText(one.messageText, " ")}`;
    });
  });
}

function docsOptions(root: string): ts.CompilerOptions {
  const read = ts.readConfigFile(join(root, "tsconfig.base.json"), (path) => ts.sys.readFile(path));
  const parsed = ts.parseJsonConfigFileContent({ ...read.config, files: [] }, ts.sys, root);
  return {
    ...parsed.options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    declaration: false,
    isolatedDeclarations: false,
  };
}

/** Follows relative links and their anchors. Returns one line per broken link, as `page.md:line: message`. */
export function checkLinks(root: string, pages: readonly Page[]): string[] {
  const texts = new Map(pages.map((page) => [page.path, page.text]));
  return pages.flatMap((page) =>
    linksOf(page.text).flatMap(({ target, line }) => {
      const problem = linkProblem(root, page.path, target, texts);
      return problem === undefined ? [] : [`${page.path}:${line}: ${problem}`];
    }),
  );
}

function linkProblem(
  root: string,
  from: string,
  target: string,
  texts: ReadonlyMap<string, string>,
): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  if (target.startsWith("/")) return `${target}: write the link relative to the page`;
  const [path = "", anchor] = target.split("#", 2);
  const file = path === "" ? from : join(dirname(from), decodeURI(path));
  if (!existsSync(join(root, file)) && !texts.has(file)) return `${target}: there is no such file`;
  if (anchor === undefined || anchor === "" || !file.endsWith(".md")) return undefined;
  if (!texts.has(file) && statSync(join(root, file)).isDirectory())
    return `${target}: a folder has no anchors`;
  const text = texts.get(file) ?? readFileSync(join(root, file), "utf8");
  return anchorsOf(text).has(anchor) ? undefined : `${target}: there is no such heading`;
}

/** The page with fenced code blanked, line for line. */
function proseOf(text: string): string[] {
  const lines = text.split("\n");
  for (const fence of fencesOf(text)) {
    for (let index = fence.start - 1; index <= fence.start + fence.lines.length; index++) {
      if (index < lines.length) lines[index] = "";
    }
  }
  return lines;
}

function linksOf(text: string): { target: string; line: number }[] {
  return proseOf(text).flatMap((raw, index) => {
    const line = raw.replace(/`[^`]*`/g, "");
    const inline = line.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g);
    const references = line.matchAll(/^\s*\[[^\]]+\]:\s+<?(\S+?)>?(?:\s+"[^"]*")?\s*$/g);
    const html = line.matchAll(/\b(?:href|src)="([^"]+)"/g);
    return [...inline, ...references, ...html].map((match) => ({ target: match[1] ?? "", line: index + 1 }));
  });
}

/** Anchors as GitHub makes them from headings, and explicit ones. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of proseOf(text)) {
    for (const match of line.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) anchors.add(match[1] ?? "");
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = heading
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let unique = slug;
    for (let count = 1; anchors.has(unique); count++) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

if (process.argv[1] === import.meta.filename) {
  const root = resolve(import.meta.dirname, "..");
  const pages = readPages(root);
  const problems = [...checkLinks(root, pages), ...checkSnippets(root, pages)];
  for (const line of problems) console.error(line);
  if (problems.length > 0) process.exit(1);
  const blocks = pages.flatMap(snippetsOf).length;
  console.log(`Documentation: ${pages.length} pages, ${blocks} code blocks, all links hold.`);
}
