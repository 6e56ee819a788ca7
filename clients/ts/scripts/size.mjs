// Prints what the client weighs in a page, minified and compressed, and fails if it is more than we promise.
import { gzipSync } from "node:zlib";
import { build } from "vite";

const limits = [
  { what: "whole client with protobuf-es", entry: "../src/index.ts", limit: 25 * 1024 },
  { what: "decoder of the packed codec", entry: "decoder.ts", limit: 3.5 * 1024 },
];

for (const { what, entry, limit } of limits) {
  const bundles = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      lib: { entry: new URL(entry, import.meta.url).pathname, formats: ["es"] },
      rolldownOptions: { output: { minify: true } }, // vite leaves the blanks in libraries
    },
  });
  const code = [bundles].flat().flatMap((bundle) => bundle.output).map((chunk) => chunk.code ?? "").join("");
  const text = code.replaceAll("/* @__PURE__ */", ""); // notes for bundlers, which do not reach a page
  const size = gzipSync(text, { level: 9 }).length;
  console.log(`${what}: ${text.length} bytes minified, ${size} gzip (limit ${limit})`);
  if (size > limit) process.exitCode = 1;
}
