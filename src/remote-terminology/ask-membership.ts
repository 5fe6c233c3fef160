/** Asks a terminology server whether a code is in a value set. https://hl7.org/fhir/R4/valueset-operation-validate-code.html */
import { splitCanonical } from '../fhir/conformance.ts';
import type { CodedValue, Membership } from '../fhir/terminology.ts';

export interface RemoteServer {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** An answer is a few lines. */
const maximumBytes = 1_048_576;

const text = (name: string, value: string | undefined, type: string): object[] =>
  value === undefined ? [] : [{ name, [`value${type}`]: value }];

function questionOf(valueSet: string, { system, version, code }: CodedValue): object {
  const { url, version: valueSetVersion } = splitCanonical(valueSet);
  const coded =
    system === undefined
      ? [...text('code', code, 'Code'), { name: 'inferSystem', valueBoolean: true }]
      : [{ name: 'coding', valueCoding: { system, code, ...(version !== undefined && { version }) } }];
  const parameter = [...text('url', url, 'Uri'), ...text('valueSetVersion', valueSetVersion, 'String'), ...coded];
  return { resourceType: 'Parameters', parameter };
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maximumBytes) throw new Error('The answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

interface Parameter {
  readonly name?: unknown;
  readonly valueBoolean?: unknown;
  readonly valueString?: unknown;
}

/** `true` is a member. `false` is none only if the server knew what it was asked about: one that does not know the value set or the system says false as well. */
function membershipOf(body: unknown): Membership {
  const { resourceType, parameter } = body as { resourceType?: unknown; parameter?: unknown };
  if (resourceType !== 'Parameters' || !Array.isArray(parameter))
    throw new Error('The answer is no Parameters resource');
  const parameters = parameter as readonly Parameter[];
  const find = (wanted: string): Parameter | undefined => parameters.find(({ name }) => name === wanted);
  const result = find('result')?.valueBoolean;
  if (typeof result !== 'boolean') throw new Error('The answer has no result');
  if (result) return 'member';
  const isUnknown = parameters.some(({ name }) => name === 'x-unknown-system' || name === 'x-caused-by-unknown-system');
  const message = find('message')?.valueString;
  const saysSo =
    typeof message === 'string' && /not (?:be )?(?:found|known|supported|resolved)|unknown|could not/i.test(message);
  return isUnknown || saysSo ? 'unknown' : 'not-member';
}

/** Rejects when the server fails, redirects, is late, or answers what is no answer. Nobody but the configured server is ever contacted. */
export async function askMembership(
  { url, token }: RemoteServer,
  question: { readonly valueSet: string; readonly coding: CodedValue },
  signal: AbortSignal,
): Promise<Membership> {
  const response = await fetch(`${url}/ValueSet/$validate-code`, {
    method: 'POST',
    redirect: 'manual',
    signal,
    headers: {
      Accept: 'application/fhir+json',
      'Content-Type': 'application/fhir+json',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(questionOf(question.valueSet, question.coding)),
  });
  const body = await readLimited(response);
  // the value set is not there, or cannot be judged there
  if (response.status === 404 || response.status === 422) return 'unknown';
  if (response.status !== 200) throw new Error(`The terminology server answered ${response.status}`);
  return membershipOf(JSON.parse(body));
}
