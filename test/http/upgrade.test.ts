/** A database whose resources another version indexed: searches are refused, with the progress, until all are indexed anew. */
import { expect, test } from '@jest/globals';
import { startApi } from '../support/api.ts';
import type { Answer } from '../support/api.ts';

test('no search lacks what is not indexed yet', async () => {
  const api = await startApi();
  const entry = Array.from({ length: 300 }, (_, index) => ({
    resource: { resourceType: 'Patient', id: `p${index}`, gender: index % 2 ? 'male' : 'female' },
    request: { method: 'PUT', url: `Patient/p${index}` },
  }));
  await api.ask('POST', '', { body: { resourceType: 'Bundle', type: 'transaction', entry } });
  // as the first version left it
  const empty = '{"tokens":[],"references":[],"dates":[],"numbers":[],"strings":[],"uris":[]}';
  for (const table of ['token_index', 'string_index']) {
    await api.database.pool.query(`DELETE FROM ${table}`);
  }
  await api.database.pool.query('UPDATE resource SET index_version = 1, self_key = NULL, index_rows = $1', [empty]);

  const answers: Answer[] = [];
  let refusals = 0;
  for (;;) {
    const answer = await api.ask('GET', 'Patient?gender=male&_summary=count');
    if (answer.status === 503) {
      refusals += 1;
      expect(answer.headers.get('Retry-After')).toBeTruthy();
      expect(answer.body.issue[0].diagnostics).toMatch(/are being indexed anew: \d+ of 300 resources are done/);
      continue;
    }
    answers.push(answer);
    if (answer.body.total === 150) break;
    // until the server has looked, it believes what it knew
    expect([answer.status, answer.body.total, refusals]).toEqual([200, 0, 0]);
  }
  expect(refusals).toBeGreaterThan(0);
  const { rows } = await api.database.pool.query(
    'SELECT count(*)::integer AS left FROM resource WHERE self_key IS NULL',
  );
  expect(rows).toEqual([{ left: 0 }]);
  await api.close();
}, 30_000);
