import { mountArena } from './arena/arena.js';
import type { MountGame } from './room.js';
import { mountTicTacToe } from './tictactoe/tictactoe.js';
import { mountWorld } from './world/world.js';

/** A game that these pages can show. */
export interface GameInfo {
  name: string;
  title: string;
  blurb: string;
  tags: string[];
  art: string;
  mount: MountGame;
}

const arenaArt = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 22 480 176" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
<defs>
<radialGradient id="a-sky" cx=".3" cy=".2" r="1"><stop offset="0" stop-color="#1b2a5c"/><stop offset=".55" stop-color="#0d1533"/><stop offset="1" stop-color="#090e20"/></radialGradient>
<linearGradient id="a-shot" x1="0" x2="1"><stop offset="0" stop-color="#5ee7ff" stop-opacity="0"/><stop offset="1" stop-color="#c9f8ff"/></linearGradient>
<linearGradient id="a-flame" x1="1" x2="0"><stop offset="0" stop-color="#ffd79a"/><stop offset=".5" stop-color="#ff8a3d"/><stop offset="1" stop-color="#ff8a3d" stop-opacity="0"/></linearGradient>
<radialGradient id="a-glow"><stop offset="0" stop-color="#ffb454" stop-opacity=".85"/><stop offset="1" stop-color="#ff5d73" stop-opacity="0"/></radialGradient>
</defs>
<rect width="480" height="220" fill="url(#a-sky)"/>
<g stroke="#8fb1ff" stroke-opacity=".08"><path d="M0 44h480M0 88h480M0 132h480M0 176h480M60 0v220M120 0v220M180 0v220M240 0v220M300 0v220M360 0v220M420 0v220"/></g>
<g fill="#dfe8ff"><circle cx="40" cy="30" r="1.2"/><circle cx="96" cy="150" r=".9"/><circle cx="150" cy="60" r="1.4" opacity=".7"/><circle cx="214" cy="24" r="1"/><circle cx="262" cy="180" r="1.3" opacity=".6"/><circle cx="330" cy="36" r="1.5"/><circle cx="388" cy="120" r=".9"/><circle cx="446" cy="60" r="1.1"/><circle cx="430" cy="190" r="1.4" opacity=".7"/><circle cx="24" cy="196" r="1"/></g>
<g transform="translate(24 -8)"><g transform="translate(128 138) rotate(-22)"><path d="M-66 0l44-8v16z" fill="url(#a-flame)"/><path d="M30 0l-48 22 10-22-10-22z" fill="#12314a" stroke="#5ee7ff" stroke-width="3.5" stroke-linejoin="round"/></g>
<g transform="rotate(-22 128 138)"><rect x="186" y="135" width="62" height="5" rx="2.5" fill="url(#a-shot)"/><rect x="282" y="135" width="62" height="5" rx="2.5" fill="url(#a-shot)"/></g></g>
<g transform="translate(-8 32)"><circle cx="376" cy="44" r="52" fill="url(#a-glow)"/>
<g transform="translate(382 46) rotate(152)"><path d="M22 0l-36 17 8-17-8-17z" fill="#3a1630" stroke="#ff5d9e" stroke-width="3" stroke-linejoin="round"/></g>
<g stroke="#ffd79a" stroke-width="2.5" stroke-linecap="round"><path d="M356 62l-14 12M366 70l-4 18M350 46l-20 0M358 28l-12-12"/></g></g>
<g transform="translate(262 160) rotate(-70)"><path d="M-40 0l28-5v10z" fill="url(#a-flame)"/><path d="M18 0l-28 13 6-13-6-13z" fill="#1c2f18" stroke="#a6f25c" stroke-width="3" stroke-linejoin="round"/></g>
</svg>`;

const worldArt = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 22 480 176" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
<defs>
<radialGradient id="w-sky" cx=".45" cy=".35" r=".9"><stop offset="0" stop-color="#3f8a52"/><stop offset=".55" stop-color="#235a41"/><stop offset="1" stop-color="#0c2a2a"/></radialGradient>
<radialGradient id="w-rock" cx=".32" cy=".25" r=".9"><stop offset="0" stop-color="#b4bdc0"/><stop offset="1" stop-color="#46525d"/></radialGradient>
<radialGradient id="w-cyan" cx=".34" cy=".28" r=".8"><stop offset="0" stop-color="#c9f8ff"/><stop offset="1" stop-color="#1d8fb0"/></radialGradient>
<radialGradient id="w-pink" cx=".34" cy=".28" r=".8"><stop offset="0" stop-color="#ffd0e2"/><stop offset="1" stop-color="#c2286c"/></radialGradient>
<radialGradient id="w-gold" cx=".34" cy=".28" r=".8"><stop offset="0" stop-color="#fff0c4"/><stop offset="1" stop-color="#d08a1c"/></radialGradient>
</defs>
<rect width="480" height="220" fill="url(#w-sky)"/>
<g stroke="#8fcf7a" stroke-opacity=".35" stroke-width="3" stroke-linecap="round" fill="none"><path d="M52 70l4-14M60 70l-2-16M66 70l5-12M214 176l4-14M222 176l-2-16M400 62l4-14M408 62l-2-16M414 62l5-12M330 196l3-12M338 196l-2-14M118 196l3-12"/></g>
<g fill="#f4f1e4" opacity=".8"><circle cx="98" cy="64" r="3"/><circle cx="176" cy="52" r="2.6"/><circle cx="452" cy="150" r="3"/><circle cx="268" cy="186" r="2.6"/></g>
<g><ellipse cx="398" cy="142" rx="62" ry="52" fill="#06201f" opacity=".4"/><path d="M340 118l18-30 38-12 40 14 20 34-12 34-42 14-42-14z" fill="url(#w-rock)"/><path d="M366 96l30-10 28 10-22 14z" fill="#fff" opacity=".16"/></g>
<g fill="#06201f" opacity=".38"><ellipse cx="152" cy="142" rx="48" ry="24"/><ellipse cx="276" cy="92" rx="26" ry="13"/><ellipse cx="60" cy="160" rx="18" ry="9"/></g>
<g transform="translate(150 114)"><g fill="#1f6f8a"><ellipse cx="-34" cy="-24" rx="14" ry="11"/><ellipse cx="-8" cy="-42" rx="14" ry="11"/></g><circle r="42" fill="url(#w-cyan)"/><g fill="#fff"><circle cx="10" cy="14" r="11"/><circle cx="27" cy="-8" r="11"/></g><g fill="#14202c"><circle cx="13" cy="17" r="6.5"/><circle cx="30" cy="-5" r="6.5"/></g></g>
<g transform="translate(276 76)"><g fill="#a31f58"><ellipse cx="20" cy="-10" rx="8" ry="6"/><ellipse cx="16" cy="14" rx="8" ry="6"/></g><circle r="22" fill="url(#w-pink)"/><g fill="#fff"><circle cx="-11" cy="-7" r="6"/><circle cx="-11" cy="8" r="6"/></g><g fill="#14202c"><circle cx="-13" cy="-7" r="3.4"/><circle cx="-13" cy="8" r="3.4"/></g></g>
<g transform="translate(60 148)"><circle r="16" fill="url(#w-gold)"/><g fill="#fff"><circle cx="7" cy="-6" r="4.6"/><circle cx="10" cy="4" r="4.6"/></g><g fill="#14202c"><circle cx="8.5" cy="-6" r="2.6"/><circle cx="11.5" cy="4" r="2.6"/></g></g>
<g><path d="M226 128q6-14 22-12q-6 14-22 12" fill="#58b357"/><circle cx="220" cy="138" r="9" fill="#e63a5e"/><circle cx="234" cy="140" r="9" fill="#f2597a"/><circle cx="226" cy="149" r="9" fill="#d42149"/></g>
<g><path d="M312 148l12-14 13 6 4 14-14 14-13-6z" fill="#79c2ee"/><path d="M312 148l12-14 13 6-12 8z" fill="#d4f2ff"/></g>
<g transform="translate(204 62)"><path d="M-6 4C-26-6-22-30-12-30Q-8-38 0-36Q8-38 12-30C22-30 26-6 6 4z" fill="#ffc98c"/><path d="M-3 0L-13-24M0 0V-32M3 0L13-24" stroke="#c9763a" stroke-opacity=".7" stroke-width="2.5" stroke-linecap="round"/></g>
</svg>`;

const ticTacToeArt = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 22 480 176" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
<defs>
<radialGradient id="t-sky" cx=".7" cy=".2" r="1"><stop offset="0" stop-color="#3a2468"/><stop offset=".55" stop-color="#1a1438"/><stop offset="1" stop-color="#0d0b20"/></radialGradient>
</defs>
<rect width="480" height="220" fill="url(#t-sky)"/>
<g transform="translate(240 110) rotate(-8) scale(.8)" fill="none" stroke-linecap="round">
<path d="M-31-92V92M31-92V92M-92-31H92M-92 31H92" stroke="#c7b8ff" stroke-opacity=".3" stroke-width="5"/>
<g stroke="#5ee7ff" stroke-width="9"><path d="M-78-78l32 32M-46-78l-32 32M-16-16l32 32M16-16l-32 32M46 46l32 32M78 46l-32 32"/></g>
<g stroke="#ffb454" stroke-width="9"><circle cx="62" cy="-62" r="18"/><circle cx="-62" cy="0" r="18"/><circle cx="0" cy="62" r="18"/></g>
<path d="M-98-98L98 98" stroke="#fff" stroke-opacity=".85" stroke-width="5"/>
</g>
</svg>`;

const debugArt = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 176" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
<rect width="480" height="176" fill="#0d1730"/><g fill="none" stroke="#5ee7ff" stroke-opacity=".35" stroke-width="2"><rect x="120" y="30" width="240" height="116" rx="10"/><path d="M120 60h240M120 89h240M120 118h240M180 30v116M270 30v116"/></g>
<g fill="#9d8bff"><rect x="192" y="70" width="46" height="8" rx="4"/><rect x="282" y="99" width="58" height="8" rx="4"/><rect x="192" y="128" width="60" height="8" rx="4"/></g><g fill="#ffb454"><rect x="282" y="70" width="30" height="8" rx="4"/><rect x="192" y="99" width="34" height="8" rx="4"/></g></svg>`;

/** The games that have a page, by the server's name of the game. */
export const games: Record<string, GameInfo> = {
  arena: {
    name: 'arena',
    title: 'Arena',
    blurb: 'Fly, aim, fire. A fast shooter in space, for a whole crowd in one room.',
    tags: ['Real time', 'Keyboard or touch'],
    art: arenaArt,
    mount: mountArena as MountGame,
  },
  world: {
    name: 'world',
    title: 'World',
    blurb: 'Gather, grow, and keep out of the way of the big ones. One meadow for up to 2,000 players.',
    tags: ['Real time', 'Keyboard or touch'],
    art: worldArt,
    mount: mountWorld as MountGame,
  },
  tictactoe: {
    name: 'tictactoe',
    title: 'Tic-tac-toe',
    blurb: 'Three in a row, two players. Every move is checked by the server.',
    tags: ['Turn based', '2 players'],
    art: ticTacToeArt,
    mount: mountTicTacToe as MountGame,
  },
};

/** What the lobby says of a game that has no page here: it is played on the debug page. */
export function unknownGame(name: string): Omit<GameInfo, 'mount'> {
  return { name, title: name, blurb: 'No page of its own yet: shown by its schema, with all tables and messages.', tags: ['Debug page'], art: debugArt };
}

/** A game's title, for games without a page too. */
export function titleOf(game: string): string {
  return games[game]?.title ?? game;
}
