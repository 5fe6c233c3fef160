import { describe, expect, test } from '@jest/globals';
import { parseResponse } from '../bench/load/parse-response.ts';

const responses = [
  {
    name: 'with a length',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    expected: { status: 200, keepAlive: true },
  },
  {
    name: 'with a length of bytes, not characters',
    text: 'HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\né',
    expected: { status: 200, keepAlive: true },
  },
  {
    name: 'in chunks',
    text: 'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;name=value\r\n0123456789\r\n0\r\n\r\n',
    expected: { status: 201, keepAlive: true },
  },
  {
    name: 'in chunks with a trailer',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nServer-Timing: sql\r\n\r\n',
    expected: { status: 200, keepAlive: true },
  },
  {
    name: 'whose chunk looks like an end',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n0\r\n\r\nxx\r\n0\r\n\r\n',
    expected: { status: 200, keepAlive: true },
  },
  {
    name: 'without a body',
    text: 'HTTP/1.1 204 No Content\r\nETag: W/"1"\r\n\r\n',
    expected: { status: 204, keepAlive: true },
  },
  {
    name: 'that is the last of its connection',
    text: 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    expected: { status: 503, keepAlive: false },
  },
];

describe.each(responses)('a response $name', ({ text, expected }) => {
  const bytes = Buffer.from(text);

  test('is found whole', () => {
    expect(parseResponse(bytes)).toEqual({ ...expected, end: bytes.length });
  });

  test('ends where it ends, whatever follows', () => {
    expect(parseResponse(Buffer.concat([bytes, bytes]))?.end).toBe(bytes.length);
  });

  test('is not taken for complete at any byte before its end', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(parseResponse(bytes.subarray(0, length))).toBeUndefined();
    }
  });
});

test.each([
  ['what is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['a body that only the end of the connection ends', 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n'],
  ['a chunk of no size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
])('refuses %s', (_name, text) => {
  expect(() => parseResponse(Buffer.from(text))).toThrow();
});
