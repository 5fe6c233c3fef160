/** `$explain`: how a search would be answered, with the plans of PostgreSQL: why is it slow? */
import { forbidden } from '../fhir/fhir-error.ts';
import { typeOf } from '../interactions/identity.ts';
import { searchContext } from '../interactions/conditional.ts';
import type { Interaction } from '../interactions/interaction.ts';
import { readQuery } from '../interactions/search/read-query.ts';
import type { ExplainedStatement } from '../search-ports.ts';
import type { Condition } from '../search/condition.ts';
import { compileSearch } from '../search/sql/compile-search.ts';
import type { Operation } from './operation.ts';

/** A condition in words, without its values. */
function describe(condition: Condition): string {
  switch (condition.kind) {
    case 'parameter':
      return `${condition.code} (${condition.match.kind})`;
    case 'chain':
      return `${condition.code} leads to ${condition.targets.map(({ type, condition: inner }) => `${type} with ${describe(inner)}`).join(' or ')}`;
    case 'has':
      return `is the ${condition.code} of some ${condition.type} with ${describe(condition.condition)}`;
    case 'compartment':
      return 'is in the compartment';
    case 'list':
      return 'is in the list';
    case 'ofTypes':
      return `is one of ${condition.types.join(', ')}`;
    case 'not':
      return `not (${describe(condition.condition)})`;
    default:
      return `(${condition.conditions.map(describe).join(condition.kind === 'all' ? ' and ' : ' or ')})`;
  }
}

function inWords({ purpose, milliseconds, rows, readRows }: ExplainedStatement): string {
  const read = readRows === rows ? 'and read no more' : `and read ${readRows} to find them`;
  return `${purpose}: ${rows} rows in ${milliseconds.toFixed(2)} ms, ${read}`;
}

const run: Interaction = async (input, context) => {
  const { parameters, prefer } = input;
  // plans tell how much there is of what, of all types that a search touches
  if (!context.access.permits('history-system')) throw forbidden('The token does not allow to look into everything');
  const query = await readQuery({ types: [typeOf(input)], parameters, handling: prefer.handling }, context);
  const statements = await context.store.explain(compileSearch(query, searchContext(context)));
  const part = (name: string, valueString: string) => ({ name, valueString });
  return {
    status: 200,
    resource: {
      resourceType: 'Parameters',
      parameter: [
        ...query.criteria.map((condition) => part('criterion', describe(condition))),
        part(
          'order',
          query.sort.map(({ code, descending }) => (descending ? `-${code}` : code)).join(',') ||
            'the cheapest that is stable',
        ),
        ...statements.map((statement) => ({
          name: 'statement',
          part: [
            part('summary', inWords(statement)),
            part('sql', statement.sql),
            part('plan', JSON.stringify(statement.plan)),
          ],
        })),
      ],
    },
  };
};

export const explain: Operation = {
  code: 'explain',
  definition: 'urn:vesta:operation:explain',
  levels: ['type'],
  permission: 'search-type',
  run,
};
