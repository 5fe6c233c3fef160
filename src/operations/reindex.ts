/** `$reindex`: how far the index is, and, by POST, everything indexed anew. */
import type { Context, Interaction } from '../interactions/interaction.ts';
import type { Operation } from './operation.ts';

const part = (name: string, value: object) => ({ name, ...value });

/** The state of the index, and of each search parameter that guides and clients added. */
function report({ searchParameters }: Context): object {
  const { generation, done, total } = searchParameters.progress;
  const isComplete = done >= total;
  return {
    resourceType: 'Parameters',
    parameter: [
      part('status', { valueCode: isComplete ? 'complete' : 'indexing' }),
      part('generation', { valueInteger: generation }),
      part('done', { valueInteger: done }),
      part('total', { valueInteger: total }),
      ...searchParameters.custom.map((parameter) => ({
        name: 'parameter',
        part: [
          part('url', { valueUri: parameter.url }),
          part('code', { valueCode: parameter.code }),
          part('status', { valueCode: searchParameters.pending(parameter) ? 'indexing' : 'active' }),
        ],
      })),
    ],
  };
}

const tell: Interaction = async (_input, context) => ({ status: 200, resource: report(context) });

const restart: Interaction = async (_input, context) => {
  await context.restartIndexing();
  return { status: 202, resource: report(context) };
};

export const reindex: Operation = {
  code: 'reindex',
  definition: 'urn:vesta:operation:reindex',
  levels: ['system'],
  affectsState: true,
  permission: 'update',
  run: restart,
  question: { permission: 'history-system', run: tell },
};
