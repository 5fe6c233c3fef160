/** A client that writes down what the server acknowledged, and nothing else: the oracle of the crash tests. */
import { randomUUID } from 'node:crypto';
import { token } from './server-process.ts';

/** An acknowledged version. */
export interface Acknowledged {
  readonly type: string;
  readonly id: string;
  readonly version: number;
}

export interface Journal {
  readonly versions: Acknowledged[];
  /** Request ids of acknowledged reads and writes. */
  readonly requests: string[];
  /** Tags of transactions that were sent, acknowledged or not. */
  readonly transactions: { readonly tag: string; isAcknowledged: boolean }[];
  /** Every status that came, with its count. */
  readonly statuses: Map<number, number>;
}

export const entriesPerTransaction = 5;

export const createJournal = (): Journal => ({ versions: [], requests: [], transactions: [], statuses: new Map() });

interface Answer {
  readonly status: number;
  readonly requestId: string;
  readonly body: { readonly id?: string; readonly meta?: { readonly versionId?: string } };
}

/** Undefined when no answer came: then nobody knows what happened. */
async function ask(base: string, method: string, path: string, body?: unknown): Promise<Answer | undefined> {
  const requestId = randomUUID();
  try {
    const response = await fetch(path === '' ? base : `${base}/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        'X-Request-Id': requestId,
        ...(body !== undefined && { 'Content-Type': 'application/fhir+json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, requestId, body: text === '' ? {} : JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const patient = (tag: string) => ({ resourceType: 'Patient', identifier: [{ system: 'urn:crash', value: tag }] });

function note(journal: Journal, answer: Answer | undefined): boolean {
  if (!answer) return false;
  journal.statuses.set(answer.status, (journal.statuses.get(answer.status) ?? 0) + 1);
  if (answer.status >= 300) return false;
  journal.requests.push(answer.requestId);
  const { id, meta } = answer.body;
  if (id !== undefined && meta?.versionId !== undefined) {
    journal.versions.push({ type: 'Patient', id, version: Number(meta.versionId) });
  }
  return true;
}

async function sendTransaction(base: string, journal: Journal): Promise<void> {
  const transaction = { tag: randomUUID(), isAcknowledged: false };
  journal.transactions.push(transaction);
  const entry = Array.from({ length: entriesPerTransaction }, () => ({
    resource: patient(transaction.tag),
    request: { method: 'POST', url: 'Patient' },
  }));
  const answer = await ask(base, 'POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  transaction.isAcknowledged = note(journal, answer);
}

async function act(base: string, journal: Journal, turn: number): Promise<void> {
  const known = journal.versions[turn % Math.max(1, journal.versions.length)];
  if (turn % 4 === 0) return sendTransaction(base, journal);
  if (!known || turn % 4 === 1) {
    note(journal, await ask(base, 'POST', 'Patient', patient(randomUUID())));
  } else if (turn % 4 === 2) {
    note(journal, await ask(base, 'PUT', `Patient/${known.id}`, { ...patient(randomUUID()), id: known.id }));
  } else {
    note(journal, await ask(base, 'GET', `Patient/${known.id}`));
  }
}

/** Keeps the server busy with creates, updates, transactions and reads until `stopped` says so. */
export async function keepBusy(base: string, journal: Journal, stopped: () => boolean): Promise<void> {
  let turn = 0;
  const worker = async (): Promise<void> => {
    while (!stopped()) {
      turn += 1;
      const acknowledged = journal.requests.length;
      await act(base, journal, turn);
      // while nobody answers, do not spin
      if (journal.requests.length === acknowledged) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
