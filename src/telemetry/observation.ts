/** Everything this server finds worth telling its operators, as one closed union: modules never log, they observe. */

/** One thing that happened. None of it may hold patient data: routes are templates (`/:type/:id`), errors are described by `describeError` alone. */
export type Observation =
  | { readonly kind: 'server-started'; readonly url: string }
  | { readonly kind: 'server-stopping'; readonly reason: string }
  | { readonly kind: 'server-stopped' }
  | { readonly kind: 'database-migrated'; readonly migrations: readonly string[] }
  | { readonly kind: 'database-lost'; readonly error: unknown }
  | { readonly kind: 'database-regained' }
  | { readonly kind: 'terminology-lost'; readonly url: string }
  | { readonly kind: 'terminology-regained'; readonly url: string }
  | { readonly kind: 'audit-failed'; readonly records: number; readonly error: unknown }
  | { readonly kind: 'unexpected-error'; readonly requestId?: string; readonly error: unknown }
  | {
      readonly kind: 'request-finished';
      readonly requestId: string;
      readonly method: string;
      /** The template of the route, never the path that was asked for. */
      readonly route: string;
      /** What was sent; 499 when the client left before it was. */
      readonly status: number;
      readonly milliseconds: number;
    };

/** Tells what happened. Never throws and never waits. */
export type Observe = (observation: Observation) => void;
