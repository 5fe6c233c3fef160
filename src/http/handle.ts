/** The life of a request: input → permit → body → perform (permit, run, audit) → send. */
import type { Request, RequestHandler, Response } from 'express';
import type { Access } from '../auth/access.ts';
import type { Input, Origin, Route, Services } from '../interactions/interaction.ts';
import { perform, permit } from '../interactions/perform.ts';
import type { Caller } from '../ports.ts';
import { type BodyOptions, bodyMediaTypes, createBody } from './middleware/body.ts';
import { negotiateForm } from './middleware/negotiate.ts';
import { factsOf, type RequestFacts } from './middleware/request-facts.ts';
import { send } from './send.ts';
import { isSearch, toInput, withBody } from './to-input.ts';

/** What handling requests needs beside the services of interactions. */
export interface HandlingOptions {
  readonly services: Services;
  accessOf(caller: Caller): Access;
  readonly limits: { readonly resource: number; readonly bundle: number; readonly search: number };
}

/** Who asks for what anybody may have. */
const anybody: Caller = { agent: 'anonymous', client: 'anonymous', scopes: [] };

function bodyOptions({ interaction }: Route, type: string | undefined, { limits }: HandlingOptions): BodyOptions {
  if (isSearch(interaction)) return { limit: limits.search, mediaTypes: bodyMediaTypes.search };
  if (interaction === 'patch') return { limit: limits.resource, mediaTypes: bodyMediaTypes.patch };
  const isBundle = interaction === 'transaction' || type === 'Bundle';
  return { limit: isBundle ? limits.bundle : limits.resource, mediaTypes: bodyMediaTypes.resource };
}

/** Body readers are made once for a route and size. */
function createBodyReader(route: Route, options: HandlingOptions) {
  const readers = new Map<boolean, RequestHandler>();
  return (input: Input, request: Request, response: Response): Promise<void> => {
    const isBundle = input.type === 'Bundle';
    const reader = readers.get(isBundle) ?? createBody(bodyOptions(route, input.type, options));
    readers.set(isBundle, reader);
    return new Promise((resolve, reject) => {
      void reader(request, response, (cause?: unknown) => {
        if (cause === undefined) resolve();
        else reject(cause);
      });
    });
  };
}

function note(facts: RequestFacts, route: Route, input: Input): void {
  facts.route = `/${route.path}`;
  facts.interaction = input.interaction;
  if (input.type !== undefined) facts.type = input.type;
  if (input.id !== undefined) facts.id = input.id;
}

/** The handler of one row of the route table. */
export function handle(route: Route, options: HandlingOptions): RequestHandler {
  const { services, accessOf } = options;
  const readBody = createBodyReader(route, options);
  return async (request, response) => {
    const facts = factsOf(response);
    facts.route = `/${route.path}`;
    facts.interaction = route.interaction;
    const input = toInput(route, request, services.definitions);
    note(facts, route, input);
    const caller = facts.caller ?? anybody;
    const access = accessOf(caller);
    permit(input, access);
    if (route.method !== 'GET') await readBody(input, request, response);
    const origin: Origin = { caller, requestId: facts.requestId, address: facts.address };
    const whole = withBody(input, request);
    if (whole.parameters !== input.parameters) negotiateForm(whole.parameters, response);
    facts.isAudited = true;
    const result = await perform(whole, route.run, services, { origin, access });
    send(request, response, result, services.settings.baseUrl);
  };
}
