/** `choices: [{ name: "value", properties: ["valueString", …], required: false }]`: of `value[x]` at most one may be there, and one must be when it is required. https://hl7.org/fhir/R4/formats.html#choice */
import { type CodeKeywordDefinition, type KeywordCxt, type Name, _ } from 'ajv';

interface Choice {
  readonly name: string;
  readonly properties: readonly string[];
  readonly required: boolean;
}

/** Up to this many properties it is quicker to ask for each than to look at what the object has. */
const fewProperties = 14;

function countByAsking({ gen, data }: KeywordCxt, count: Name, { properties }: Choice): void {
  for (const property of properties) {
    const present = _`${data}[${property}] !== undefined || ${data}[${`_${property}`}] !== undefined`;
    gen.if(present, () => gen.code(_`${count}++`));
  }
}

/** The sibling of a value that is there does not count again. */
function countByLooking({ gen, data }: KeywordCxt, count: Name, { properties }: Choice): void {
  const values = gen.scopeValue('obj', { ref: new Set(properties) });
  const siblings = gen.scopeValue('obj', { ref: new Map(properties.map((name) => [`_${name}`, name])) });
  gen.forIn('property', data, (property) => {
    const lonely = _`${siblings}.has(${property}) && ${data}[${siblings}.get(${property})] === undefined`;
    gen.if(_`${values}.has(${property}) || ${lonely}`, () => gen.code(_`${count}++`));
  });
}

function checkChoice(context: KeywordCxt, choice: Choice): void {
  const { gen } = context;
  const count = gen.let('count', 0);
  const countPresent = choice.properties.length > fewProperties ? countByLooking : countByAsking;
  countPresent(context, count, choice);
  const fail = (missing: boolean) => (): void => {
    context.setParams({ name: _`${choice.name}`, missing: _`${missing}` });
    context.error();
  };
  gen.if(_`${count} > 1`, fail(false));
  if (choice.required) gen.if(_`${count} === 0`, fail(true));
}

export const choices: CodeKeywordDefinition = {
  keyword: 'choices',
  type: 'object',
  schemaType: 'array',
  error: {
    message: 'choice',
    params: ({ params }) => _`{name: ${params['name']}, missing: ${params['missing']}}`,
  },
  code(context) {
    for (const choice of context.schema as readonly Choice[]) {
      if (choice.properties.length > 1 || choice.required) checkChoice(context, choice);
    }
  },
};
