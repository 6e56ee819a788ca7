// A client of the protocol that knows nothing but the npm package ws and the text of the protocol: it joins the game
// "pilot", flies to the right for 30 frames, and leaves. Its only argument is the server's URL; it prints what it saw.
import { createRequire } from 'node:module';

const { WebSocket } = createRequire(new URL('../../clients/package.json', import.meta.url))('ws');

/** Reads the fields of a protobuf message. */
function* fields(b) {
  let at = 0;
  const varint = () => {
    for (let v = 0n, shift = 0n; ; shift += 7n) {
      const c = b[at++];
      v |= BigInt(c & 127) << shift;
      if (c < 128) return Number(BigInt.asUintN(32, v));
    }
  };
  while (at < b.length) {
    const tag = varint();
    switch (tag & 7) {
      case 0: yield [tag >> 3, varint()]; break;
      case 2: { const n = varint(); yield [tag >> 3, b.subarray(at, at += n)]; break; }
      case 5: at += 4; break;
      default: throw new Error(`wire type ${tag & 7}`);
    }
  }
}

const varints = (b) => {
  const all = [];
  for (let at = 0; at < b.length;) {
    let v = 0, scale = 1;
    for (; b[at] >= 128; scale *= 128) v += (b[at++] & 127) * scale;
    all.push(v + b[at++] * scale);
  }
  return all;
};
const varint = (v) => { const b = []; for (; v >= 128; v = Math.floor(v / 128)) b.push(v % 128 + 128); return [...b, v]; };
const number = (field, v) => [field << 3, ...varint(v)];
const bytes = (field, b) => [field << 3 | 2, ...varint(b.length), ...b];

const url = process.argv[2];
const answer = await fetch(`${url}/tickwire.v1.LobbyService/JoinOrCreate`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ game: 'pilot', name: 'ws' }),
});
if (!answer.ok) throw new Error(`lobby: ${answer.status} ${await answer.text()}`);
const { seat } = await answer.json();

const socket = new WebSocket(seat.url, ['tickwire.v1', `ticket.${seat.ticket}`]);
const seen = { protocol: '', frames: 0, ticks: [], player: 0, x: 0, code: 0, pong: '' };
let tick = 0, stride = 1;
socket.on('open', () => {
  seen.protocol = socket.protocol;
  socket.send(Buffer.from(bytes(6, []))); // hello, of a client that reads the plain codec
  socket.ping('echo');
});
socket.on('pong', (b) => { seen.pong = b.toString(); });
socket.on('message', (message, binary) => {
  if (!binary) throw new Error('a text frame');
  let delta, given = 0;
  for (const [field, value] of fields(message)) {
    if (field === 1) given = value;
    if (field === 6) delta = value;
    if (field === 10) for (const [f, v] of fields(value)) { if (f === 3) seen.player = v; if (f === 5) stride = v; }
  }
  if (!delta) return;
  tick = given || tick + stride;
  seen.frames++;
  seen.ticks.push(tick);
  for (const [, table] of fields(delta)) {
    for (const [field, row] of fields(table)) {
      if (field !== 3) continue;
      const r = Object.fromEntries(fields(row));
      if (r[1] !== seen.player || !(r[2] & 1)) continue;
      const x = varints(r[3])[0];
      seen.x = x % 2 ? -(x + 1) / 2 : x / 2;
    }
  }
  socket.send(Buffer.from([...number(1, tick), ...number(2, tick + 2), ...bytes(3, bytes(1, [2]))])); // to the right
  if (seen.frames === 30) socket.close(1000);
});
socket.on('error', (e) => { console.error(String(e)); process.exit(1); });
socket.on('close', (code) => { seen.code = code; console.log(JSON.stringify(seen)); });
