/** Prints every npm script with its one-line description, which stands beside it in package.json under "//scripts". */
import { readFileSync } from 'node:fs';

const { scripts, '//scripts': descriptions } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);
const names = Object.keys(scripts).filter((name) => name in descriptions);
const width = Math.max(...names.map((name) => name.length));

/** npm runs these two without `run`. */
const short = new Set(['start', 'test']);

console.log('Scripts of this project:\n');
for (const name of names) {
  const command = short.has(name) ? `npm ${name}` : `npm run ${name}`;
  console.log(`  ${command.padEnd(width + 'npm run '.length)}  ${descriptions[name]}`);
}
console.log('\nA fresh clone:  npm ci && npm start    serves FHIR    |    npm cit    installs and tests');
