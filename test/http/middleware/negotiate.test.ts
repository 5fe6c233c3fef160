import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createNegotiate } from '../../../src/http/middleware/negotiate.ts';
import { appWith } from './serve.ts';

const app = appWith(createNegotiate());
const statusOf = async (accept: string, url = '/Patient'): Promise<number> =>
  (await request(app).get(url).set('Accept', accept)).status;

describe('Accept', () => {
  test.each([
    'application/fhir+json',
    'Application/FHIR+JSON',
    'application/json',
    'text/json',
    'json',
    '*/*',
    'application/*',
    'application/fhir+json; fhirVersion=4.0',
    'application/fhir+json;fhirVersion="4.0";charset=utf-8',
    'application/fhir+xml, application/fhir+json;q=0.1',
    'text/html,application/xhtml+xml,*/*;q=0.8',
    'application/fhir+json;q=0, application/json',
    ' ',
  ])('%s is answered', async (accept) => {
    expect(await statusOf(accept)).toBe(200);
  });

  test.each([
    'application/fhir+xml',
    'application/xml',
    'text/turtle',
    'text/html',
    'text/*',
    'application/fhir+json;q=0',
    'application/fhir+json;q=x',
    'application/fhir+json; fhirVersion=3.0',
    'application/fhir+json; fhirVersion=5.0, text/html',
    ',',
  ])('%s is not', async (accept) => {
    expect(await statusOf(accept)).toBe(406);
  });

  test('may be missing', async () => {
    expect((await request(app).get('/').unset('Accept')).status).toBe(200);
  });
});

describe('_format', () => {
  test.each([
    ['json', 200],
    ['application/json', 200],
    ['text/json', 200],
    ['application/fhir%2Bjson', 200],
    ['application/fhir+json', 200],
    ['xml', 406],
    ['application/fhir%2Bxml', 406],
    ['ttl', 406],
    ['', 406],
    ['*/*', 406],
  ])('%s: %d, whatever is accepted', async (format, status) => {
    expect(await statusOf('application/fhir+xml', `/Patient?_format=${format}`)).toBe(status);
    expect(await statusOf('application/fhir+json', `/Patient?a=1&%5fformat=${format}`)).toBe(status);
  });

  test('given twice is refused', async () => {
    expect(await statusOf('*/*', '/Patient?_format=json&_format=json')).toBe(400);
  });

  test('in a value is none', async () => {
    expect(await statusOf('*/*', '/Patient?name=_format%3Dxml')).toBe(200);
  });
});

describe('_pretty', () => {
  test.each([
    ['', false],
    ['_pretty=false', false],
    ['_pretty=true', true],
  ])('%s: %s', async (query, isPretty) => {
    const response = await request(app).get(`/Patient?${query}`);
    expect(response.body).toMatchObject({ facts: { isPretty } });
  });

  test.each(['_pretty=yes', '_pretty=', '_pretty', '_pretty=true&_pretty=true'])('%s is refused', async (query) => {
    expect((await request(app).get(`/Patient?${query}`)).status).toBe(400);
  });
});
