import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

// The built pages load nothing but themselves, and may talk to game servers only.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self' http: https: ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
  ],
};

export default defineConfig({
  base: './', // the pages work below any path
  resolve: {
    // The client library is built from its sources, so that the pages never lag behind it.
    alias: { '@tickwire/client': fileURLToPath(new URL('../ts/src/index.ts', import.meta.url)) },
  },
  plugins: [contentSecurityPolicy],
  server: {
    // `npm run dev` beside a dev server: the pages from here, the rest from there. The Host stays that of the page, so
    // that the server sends WebSockets here too and finds their Origin in order.
    proxy: {
      '/tickwire.v1.LobbyService': { target: 'http://127.0.0.1:8080', changeOrigin: false },
      '/tickwire/': { target: 'http://127.0.0.1:8080', changeOrigin: false, ws: true },
    },
  },
  build: {
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Names without hashes: dist is committed, and a change of source should be a change of these files, not new ones.
    rolldownOptions: { output: { entryFileNames: 'app.js', chunkFileNames: '[name].js', assetFileNames: 'app[extname]' } },
  },
  test: { include: ['test/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0]);
