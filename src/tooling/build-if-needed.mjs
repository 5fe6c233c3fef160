/** Compiles src/ to dist/ when something in it is newer than the last build; silent when nothing is. Types are checked by `npm run types`, not here: a start should not wait for that. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = path.join(root, 'dist');
const stamp = path.join(dist, '.built');
const isOptional = process.argv.includes('--if-possible');
const compiler = path.join(root, 'node_modules/typescript/bin/tsc');

/** Folders count too: theirs changes when a file is removed. */
function newestChange() {
  const source = path.join(root, 'src');
  const files = readdirSync(source, { recursive: true }).map((name) => path.join(source, name));
  const inputs = [...files, source, path.join(root, 'tsconfig.json'), path.join(root, 'package-lock.json')];
  return Math.max(...inputs.map((file) => statSync(file).mtimeMs));
}

function isFresh() {
  return existsSync(stamp) && statSync(stamp).mtimeMs > newestChange();
}

function build() {
  // where only what runs was installed there is a build and no compiler, or none yet and npm's 'prepare' must not fail
  if (!existsSync(compiler))
    return existsSync(dist) || isOptional ? 0 : fail('There is no build and no compiler: run npm ci');
  const started = Date.now();
  rmSync(dist, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '--project', root, '--noCheck'], { stdio: 'inherit' });
  if (status !== 0) return status ?? 1;
  // npx runs it as a program
  chmodSync(path.join(dist, 'cli/main.js'), 0o755);
  writeFileSync(stamp, '');
  console.log(`Built dist/ in ${Date.now() - started} ms`);
  return 0;
}

function fail(message) {
  console.error(message);
  return 1;
}

process.exitCode = isFresh() ? 0 : build();
