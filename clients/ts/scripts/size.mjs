// Prints what the client weighs in a page, minified and compressed, and fails if it is more than we promise.
import { gzipSync } from "node:zlib";
import { build } from "vite";

const source = new URL("../src/", import.meta.url).pathname;
const limits = [
  { what: "whole client with protobuf-es", limit: 25 * 1024, code: `export * from "${source}index.ts";` },
  {
    what: "decoder of the packed codec",
    limit: 3 * 1024,
    code: `export { applyPacked } from "${source}packed.ts"; export { Replica } from "${source}replica.ts";`,
  },
];

for (const { what, limit, code } of limits) {
  const [bundle] = await build({
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "virtual:entry" ? id : undefined),
        load: (id) => (id === "virtual:entry" ? code : undefined),
      },
    ],
    build: { write: false, minify: true, target: "es2022", lib: { entry: "virtual:entry", formats: ["es"] }, rolldownOptions: { output: { minify: true } } },
  });
  const text = bundle.output.map((chunk) => chunk.code ?? "").join("");
  const size = gzipSync(text, { level: 9 }).length;
  console.log(`${what}: ${text.length} bytes minified, ${size} gzip (limit ${limit})`);
  if (size > limit) process.exitCode = 1;
}
