/** Bytes a second, short: "840 B/s", "12.4 kB/s". */
export function formatRate(bytesPerSecond: number): string {
  if (!Number.isFinite(bytesPerSecond) || bytesPerSecond < 0) return '–';
  if (bytesPerSecond < 1000) return `${Math.round(bytesPerSecond)} B/s`;
  if (bytesPerSecond < 1e6) return `${(bytesPerSecond / 1000).toFixed(1)} kB/s`;
  return `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
}

/** Milliseconds, short: "0.4 ms", "23 ms". Not measured yet: a dash. */
export function formatMillis(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms) || ms < 0) return '–';
  return ms < 1 && ms > 0 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** "1 player", "2 players". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A name fit for the server: no control characters, at most 32 bytes of UTF-8, never cut inside a character. */
export function cleanName(name: string): string {
  return cutName(name.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').trim()).trim();
}

/** The start of a text that fits into the 32 bytes of a name, whole characters only. All else stays: it may be half typed. */
export function cutName(text: string): string {
  const encoder = new TextEncoder();
  let bytes = 0;
  let cut = '';
  for (const char of text) {
    bytes += encoder.encode(char).length;
    if (bytes > 32) break;
    cut += char;
  }
  return cut;
}
