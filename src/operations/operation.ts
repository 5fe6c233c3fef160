/** What an operation is: one file exports one of these, `operations.ts` lists it, and routes, permissions, capabilities and the audit log follow. https://hl7.org/fhir/R4/operations.html */
import type { Interaction, InteractionCode } from '../interactions/interaction.ts';

export interface Operation {
  /** Without the `$`. */
  readonly code: string;
  /** Canonical of its OperationDefinition. */
  readonly definition: string;
  readonly levels: readonly ('system' | 'type' | 'instance')[];
  /** The resource types it is for; absent for all. */
  readonly types?: readonly string[];
  /** True when it changes something: then only POST calls it. */
  readonly affectsState?: boolean;
  /** The interaction whose permission on the type it needs. */
  readonly permission: InteractionCode;
  readonly run: Interaction;
  /** What GET does where POST does something else. */
  readonly question?: Pick<Operation, 'permission' | 'run'>;
}
