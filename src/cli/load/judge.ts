/** What became of a parcel, read from the answer. https://hl7.org/fhir/R4/http.html#transaction-response */
import type { LoadFailure, Parcel } from './parcel.ts';
import type { Answer } from './send.ts';

export interface Judgement {
  /** Resources that were stored. */
  readonly stored: number;
  readonly failures: readonly LoadFailure[];
  /** Of an NDJSON batch: the lines that were stored. */
  readonly storedLines: readonly number[];
}

interface Issue {
  readonly severity?: string;
  readonly code?: string;
  readonly diagnostics?: string;
  readonly expression?: readonly string[];
}

interface Outcome {
  readonly issue?: readonly Issue[];
}

interface ResponseEntry {
  readonly response?: { readonly status?: string; readonly outcome?: Outcome };
}

const shownIssues = 3;

/** An answer's body: an OperationOutcome or a Bundle, or nothing of what was hoped for. */
interface Body extends Outcome {
  readonly entry?: readonly ResponseEntry[];
}

function parse(body: string): Body {
  try {
    return JSON.parse(body) as Body;
  } catch {
    return {};
  }
}

function issueText({ code, diagnostics, expression }: Issue): string {
  return [expression?.join(', '), diagnostics ?? code].filter(Boolean).join(': ');
}

/** `422: Patient.gender: …`, of the issues that are no mere warnings. */
function reasonOf(status: string, outcome: Outcome | undefined): string {
  const issues = outcome?.issue?.filter(({ severity }) => severity === 'error' || severity === 'fatal') ?? [];
  const told = issues.slice(0, shownIssues).map(issueText);
  const more = issues.length > shownIssues ? [`and ${issues.length - shownIssues} more`] : [];
  return [status, [...told, ...more].join('; ')].filter(Boolean).join(': ');
}

function judgeBatch(parcel: Parcel, body: string): Judgement {
  const { file, resources, lines } = parcel;
  const entries = parse(body).entry ?? [];
  const failures: LoadFailure[] = [];
  const storedLines: number[] = [];
  for (let index = 0; index < resources; index += 1) {
    const { status = 'no answer', outcome } = entries[index]?.response ?? {};
    const line = lines?.[index];
    const place = line === undefined ? `entry ${index}` : `line ${line}`;
    if (!status.startsWith('2')) failures.push({ file, place, reason: reasonOf(status, outcome) });
    else if (line !== undefined) storedLines.push(line);
  }
  return { stored: resources - failures.length, failures, storedLines };
}

/** A transaction or a single resource is stored as a whole or not at all; a batch is judged entry by entry. */
export function judge(parcel: Parcel, { status, body }: Answer): Judgement {
  const { file, kind, resources, lines = [] } = parcel;
  if (status < 200 || status > 299) {
    const reason = reasonOf(String(status), parse(body));
    const place = lines.length > 0 ? `lines ${lines[0]} to ${lines.at(-1)}` : '';
    return { stored: 0, failures: [{ file, place, reason }], storedLines: [] };
  }
  return kind === 'batch' ? judgeBatch(parcel, body) : { stored: resources, failures: [], storedLines: [] };
}
