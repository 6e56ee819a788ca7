// The real dev server, as a process of its own.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { within } from './expect.mjs';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Builds the server and starts it on a free port. Its pages are those of dist/, as committed. */
export async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), 'tickwire-e2e-'));
  const binary = join(folder, 'dev');
  try {
    await promisify(execFile)('go', ['build', '-o', binary, './server/dev'], { cwd: repository });
    const process = spawn(binary, ['--addr', '127.0.0.1:0', '--admin', '', '--log-level', 'warn'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    process.stderr.on('data', (chunk) => (said += chunk));
    const ended = once(process, 'exit');
    const first = once(createInterface({ input: process.stdout }), 'line');
    const [url] = await within(10_000, 'the server says its address', () => Promise.race([first, ended.then(() => Promise.reject(new Error(`the server ended: ${said}`)))]));
    return { url, said: () => said, stop: () => stop(process, ended, folder, () => said) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Ends the server as an operator would, and demands that it ends in order. */
async function stop(process, ended, folder, said) {
  try {
    if (process.exitCode === null && process.signalCode === null) process.kill('SIGTERM');
    const [code, signal] = await within(35_000, 'the server ends after SIGTERM', () => ended);
    if (code !== 0) throw new Error(`the server ended with ${code ?? signal}: ${said()}`);
  } finally {
    if (process.exitCode === null) process.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}
