/** Where the API is and with which token commands call it. */
import { readClientSettings } from '../config.ts';
import { readAdminToken } from '../runtime/admin-token.ts';
import { type Arguments, type Option, UsageError } from './command.ts';

export interface ApiAccess {
  /** Base URL of the API, without a slash at its end. */
  readonly url: string;
  readonly token: string;
}

/** The options that tell it. */
export const apiOptions = {
  url: { value: '<url>', description: 'Base URL of the API [VESTA_BASE_URL, else http://localhost:<PORT>/fhir]' },
  token: { value: '<token>', description: 'Bearer token [VESTA_TOKEN, else the admin token of the data directory]' },
} as const satisfies Record<string, Option>;

/** Reads them; what is not given comes from the environment and the data directory. Throws UsageError. */
export function apiAccess({ values }: Arguments, environment: NodeJS.ProcessEnv): ApiAccess {
  const settings = readClientSettings(environment);
  const url = (values['url'] ?? settings.baseUrl).replace(/\/+$/, '');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UsageError('--url is an http or https URL');
  const token = values['token'] ?? settings.token ?? readAdminToken(settings.dataDirectory);
  if (token === undefined) {
    throw new UsageError('A token is needed: give --token or VESTA_TOKEN, or run where the data directory is');
  }
  return { url, token };
}
