/** Clients and their access tokens. A token is shown once, when it is made; the database holds its SHA-256. https://www.rfc-editor.org/rfc/rfc6750#section-5.2 */
import { randomBytes } from 'node:crypto';
import { type FoundToken, hashToken, tokenPrefix } from '../auth/verify-token.ts';
import { conflict, invalid } from '../fhir/fhir-error.ts';
import type { Queryable } from './connection.ts';

export interface TokenRequest {
  /** Identifier of the client application; made known when it is not yet. */
  readonly client: string;
  /** Who acts with the token, as the audit log will name them. */
  readonly agent: string;
  /** SMART scopes; see `unsupportedScopes`. */
  readonly scopes: readonly string[];
  readonly expires: Date;
}

/** A token as it may be listed: everything but the token. Instants are ISO 8601 with milliseconds in UTC. */
export interface ListedToken {
  readonly tokenId: string;
  readonly client: string;
  readonly agent: string;
  readonly scopes: readonly string[];
  readonly created: string;
  readonly expires: string;
  readonly revoked?: string;
}

const insertStatement = `
WITH known AS (
  INSERT INTO client (client_id, name) VALUES ($3, $3)
  ON CONFLICT (client_id) DO UPDATE SET name = client.name
  RETURNING client_id, disabled
)
INSERT INTO access_token (token_hash, token_id, client_id, agent, scopes, expires)
SELECT $1, $2, client_id, $4, $5, $6 FROM known WHERE disabled IS NULL
RETURNING token_id`;

const findStatement = `
SELECT t.agent, t.client_id, t.scopes, t.expires
FROM access_token t JOIN client c USING (client_id)
WHERE t.token_hash = $1 AND t.revoked IS NULL AND c.disabled IS NULL AND t.expires > now()`;

const listStatement = `
SELECT token_id, client_id, agent, scopes, created, expires, revoked FROM access_token ORDER BY created, token_id`;

const revokeStatement = `
UPDATE access_token SET revoked = now() WHERE token_id = $1 AND revoked IS NULL RETURNING token_id`;

/** A name that can be read in a log and put into a header. */
const namePattern = /^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/;

/** Makes a token of 256 random bits, which is returned this once. Needs the owner's role, not the API's. Refuses names that cannot be printed and clients that are disabled. */
export async function createToken(
  database: Queryable,
  { client, agent, scopes, expires }: TokenRequest,
): Promise<{ readonly token: string; readonly tokenId: string }> {
  for (const name of [client, agent]) {
    if (!namePattern.test(name)) throw invalid('Names of clients and agents are 1 to 128 printable ASCII characters');
  }
  const token = tokenPrefix + randomBytes(32).toString('base64url');
  const tokenId = randomBytes(6).toString('hex');
  const values = [hashToken(token), tokenId, client, agent, scopes, expires];
  const { rows } = await database.query({ text: insertStatement, values });
  if (rows.length === 0) throw conflict('The client is disabled');
  return { token, tokenId };
}

interface TokenRow {
  token_id: string;
  client_id: string;
  agent: string;
  scopes: string[];
  created: Date;
  expires: Date;
  revoked: Date | null;
}

/** Every token ever made, oldest first, revoked and expired ones included. */
export async function listTokens(database: Queryable): Promise<readonly ListedToken[]> {
  const { rows } = await database.query<TokenRow>({ text: listStatement });
  return rows.map(({ token_id, client_id, agent, scopes, created, expires, revoked }) => ({
    tokenId: token_id,
    client: client_id,
    agent,
    scopes,
    created: created.toISOString(),
    expires: expires.toISOString(),
    ...(revoked && { revoked: revoked.toISOString() }),
  }));
}

/** Revokes a token by its public id; servers hear of it within five seconds. False when there is none to revoke. */
export async function revokeToken(database: Queryable, tokenId: string): Promise<boolean> {
  const { rows } = await database.query({ text: revokeStatement, values: [tokenId] });
  return rows.length > 0;
}

/** The caller behind the SHA-256 of a token, or undefined when it is unknown, expired or revoked, or its client disabled. */
export async function findToken(database: Queryable, hash: Buffer): Promise<FoundToken | undefined> {
  const { rows } = await database.query<TokenRow>({ name: 'find-token', text: findStatement, values: [hash] });
  const [row] = rows;
  if (!row) return undefined;
  const { agent, client_id, scopes, expires } = row;
  return { caller: { agent, client: client_id, scopes }, expires: expires.getTime() };
}
