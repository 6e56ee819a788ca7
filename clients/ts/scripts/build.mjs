// Makes dist/, which is the package that is published: `npm run build && npm publish ./dist`. Inside this repository
// the package is used from its sources, so nothing here waits for a build.
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = new URL("../", import.meta.url);
process.chdir(root.pathname);
rmSync("dist", { recursive: true, force: true });
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { stdio: "inherit" });

const { name, version, description, license, type, sideEffects, dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
const published = {
  name, version, description, license, type, sideEffects,
  exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
  dependencies,
};
writeFileSync("dist/package.json", JSON.stringify(published, null, 2) + "\n");
cpSync("README.md", "dist/README.md");
