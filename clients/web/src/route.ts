/** Where the page is. It lives in the hash, so that a link to a room can be shared and works below any path. */
export type Route =
  | { page: 'lobby' }
  | { page: 'room'; game: string; roomId: string }
  | { page: 'invite'; game: string; code: string }
  | { page: 'debug'; game: string; roomId?: string };

/** Reads a location hash: "#/", "#/arena/<room>", "#/arena/code/<code>", "#/debug/arena". Anything else is the lobby. */
export function parseRoute(hash: string): Route {
  const parts = hash.replace(/^#?\/?/, '').split('/').filter(Boolean).map(decode);
  const [game, second, third] = parts;
  if (game === 'debug' && second) return { page: 'debug', game: second, ...(third && { roomId: third }) };
  if (game && second === 'code' && third) return { page: 'invite', game, code: third };
  if (game && second && !third) return { page: 'room', game, roomId: second };
  return { page: 'lobby' };
}

/** The hash of a route; parseRoute reads it back. */
export function formatRoute(route: Route): string {
  if (route.page === 'room') return `#/${encodeURIComponent(route.game)}/${encodeURIComponent(route.roomId)}`;
  if (route.page === 'invite') return `#/${encodeURIComponent(route.game)}/code/${encodeURIComponent(route.code)}`;
  if (route.page === 'debug') return `#/debug/${encodeURIComponent(route.game)}${route.roomId ? `/${encodeURIComponent(route.roomId)}` : ''}`;
  return '#/';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray % typed by hand
  }
}
