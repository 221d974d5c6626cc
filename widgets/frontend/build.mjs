// Builds the bundles that are committed in ../kefu/, so that installing kefu needs no Node.
//   node build.mjs           writes them
//   node build.mjs --check   writes nothing; exits 1 naming each file that differs from a fresh build
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "kefu");
const extension = "share/jupyter/labextensions/kefu-lab/static/remoteEntry.js";

// One line a bundle: what is read, what is written.
const entries = [
  { from: "src/player.tsx", to: "static/player.js" },
  { from: "src/player.css", to: "static/player.css" },
  { from: "src/host/page.tsx", to: "static/page.js" },
  { from: "src/host/page.css", to: "static/page.css" },
  { from: "src/preview.ts", to: "static/preview.js" },
  { from: "src/explorer/explorer.tsx", to: "static/explorer.js" },
  { from: "src/explorer/explorer.css", to: "static/explorer.css" },
  // A script of JupyterLab's, which carries its style as text.
  { from: "src/lab/remote.ts", to: extension, format: "iife", loader: { ".css": "text" } },
];

/** The libraries in a bundle: their folders below node_modules, by name. */
const libraries = (inputs) => {
  const names = Object.keys(inputs).map(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1],
  );
  return [...new Set(names.filter(Boolean))].sort();
};

const meta = (name) =>
  JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8"));

/** The licence that a bundled library wants to travel with it, whole. */
function licence(name) {
  const folder = join(here, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file: look up its licence before bundling it`);
  return `${name} ${meta(name).version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

/** The bytes of one bundle: same sources and lock file in, same bytes out. */
async function bundle(entry) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry.from],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: entry.format ?? "esm",
    loader: entry.loader ?? {},
    target: "es2022",
    charset: "utf8",
    jsx: "transform",
    jsxFactory: "h",
    jsxFragment: "Fragment",
    inject: entry.from.endsWith(".tsx") ? ["src/jsx.ts"] : [], // what has no JSX needs no Preact
    tsconfigRaw: {}, // tsconfig.json is the type checker's
    legalComments: "inline",
    conditions: ["production"],
    define: { "process.env.NODE_ENV": '"production"' },
    outfile: join(out, entry.to),
    logLevel: "warning",
  });
  const bundled = libraries(result.metafile.inputs);
  bundled.forEach((name) => licences.set(name, licence(name)));
  const says = bundled.map((name) => `${name} ${meta(name).version}, ${meta(name).license}`);
  const head = says.length ? `/*! ${says.join(" · ")}; see licences.txt */\n` : "";
  return head + result.outputFiles[0].text;
}

const licences = new Map();
const check = process.argv.includes("--check");
let stale = 0;

/** Writes a made file, or with --check says whether it is stale. */
function settle(name, fresh) {
  const path = join(out, name);
  const same = existsSync(path) && readFileSync(path, "utf8") === fresh;
  if (check && !same) {
    console.error(`stale: widgets/kefu/${name} (run: npm run build)`);
    stale = 1;
  } else if (!check) {
    mkdirSync(dirname(path), { recursive: true });
    if (!same) writeFileSync(path, fresh);
    console.log(`${name} ${Buffer.byteLength(fresh)} bytes${same ? ", unchanged" : ""}`);
  }
}

for (const entry of entries) settle(entry.to, await bundle(entry));
settle("static/licences.txt", [...licences.values()].join(`\n${"-".repeat(72)}\n\n`));
process.exitCode = stale;
