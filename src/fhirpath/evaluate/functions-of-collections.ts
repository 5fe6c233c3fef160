/** Functions about collections: existence, filters, subsets, combination, navigation. https://hl7.org/fhirpath/N1/#functions */
import { spend } from './budget.ts';
import { among, distinct, fingerprintOf } from './compare.ts';
import { argumentOf, define, type Evaluate, type FunctionDefinition, type Invocation } from './invocation.ts';
import {
  booleanNode,
  integerNode,
  isObject,
  type Node,
  type Nodes,
  nothing,
  numberOf,
  truthNodes,
  truthOf,
  Unevaluable,
} from './node.ts';
import { typeTest } from './type-test.ts';

const first = (given: readonly Evaluate[]): Evaluate => {
  const [evaluate] = given;
  if (!evaluate) throw new Unevaluable();
  return evaluate;
};

/** The items for which the criteria, if there are any, are true. */
function matching({ input, scope, arguments: given }: Invocation): Nodes {
  const [criteria] = given;
  if (!criteria) return input;
  if (input.length > 1) spend(scope, input.length);
  return input.filter((node, index) => truthOf(criteria(node, { ...scope, index })) === true);
}

function select({ input, scope, arguments: given }: Invocation): Nodes {
  const project = first(given);
  if (input.length === 1) return project(input[0] as Node, { ...scope, index: 0 });
  return input.flatMap((node, index) => {
    const part = project(node, { ...scope, index });
    spend(scope, 1 + part.length);
    return part;
  });
}

/** A value that is found again and again costs more than one of a list, and a long one more than a short one. */
const repeatedCost = 10;

/** Each value once; what was found before is not asked again, so a circle ends. */
function repeat({ input, scope, arguments: given }: Invocation): Nodes {
  const project = first(given);
  const found = new Map<string, Node>();
  let level: Nodes = input;
  while (level.length > 0) {
    const fresh: Node[] = [];
    for (const node of level.flatMap((one) => project(one, scope))) {
      const key = fingerprintOf(node);
      if (found.has(key)) continue;
      found.set(key, node);
      fresh.push(node);
      spend(scope, repeatedCost + key.length);
    }
    level = fresh;
  }
  return [...found.values()];
}

function descendants({ input, children }: Invocation): Nodes {
  const found: Node[] = [];
  for (const node of input) children.all(node, found);
  // grows while it is read: each node's parts follow
  for (const node of found) children.all(node, found);
  return found;
}

function childrenOf({ input, children }: Invocation): Nodes {
  const found: Node[] = [];
  for (const node of input) children.all(node, found);
  return found;
}

function extension(invocation: Invocation): Nodes {
  const url = argumentOf(invocation, 0)?.[0]?.value;
  const found: Node[] = [];
  for (const node of invocation.input) invocation.children.named(node, 'extension', found);
  return found.filter(({ value }) => isObject(value) && value['url'] === url);
}

const ofType = ({ input, typeName, elements }: Invocation): Nodes => input.filter(typeTest(typeName, elements));

const count = (invocation: Invocation): number => {
  const number = numberOf(argumentOf(invocation, 0) ?? nothing);
  if (number === undefined) throw new Unevaluable();
  return number;
};

function resolve({ input, scope }: Invocation): Nodes {
  return input.flatMap(({ value }) => {
    const reference = isObject(value) ? value['reference'] : value;
    if (typeof reference !== 'string') return [];
    const resource: { readonly resourceType?: unknown } | undefined = scope.context.resolve?.(reference);
    return resource ? [{ value: resource, type: String(resource.resourceType) }] : [];
  });
}

function iif({ self, scope, arguments: given }: Invocation): Nodes {
  const [criteria, then, otherwise] = given;
  // the compiler has put the input into the arguments
  const item = self;
  const holds = criteria && truthOf(criteria(item, scope)) === true;
  return (holds ? then : otherwise)?.(item, scope) ?? nothing;
}

function aggregate({ input, scope, arguments: [aggregator, start], self }: Invocation): Nodes {
  if (input.length > 1) spend(scope, input.length);
  let total = start?.(self, scope) ?? nothing;
  for (const [index, node] of input.entries()) total = aggregator?.(node, { ...scope, index, total }) ?? nothing;
  return total;
}

/** True when each fingerprint of the one is among those of the other. */
const isWithin = (nodes: Nodes, others: Nodes): boolean => among(nodes, others, false).length === 0;

const others = (invocation: Invocation): Nodes => argumentOf(invocation, 0) ?? nothing;

/** Every value of a Boolean collection; what is no Boolean cannot be judged. */
const booleans = ({ input }: Invocation): readonly boolean[] =>
  input.map(({ value }) => {
    if (typeof value !== 'boolean') throw new Unevaluable();
    return value;
  });

export const functionsOfCollections: Readonly<Record<string, FunctionDefinition>> = {
  empty: define(0, 0, ({ input }) => booleanNode(input.length === 0)),
  exists: define(0, 1, (invocation) => booleanNode(matching(invocation).length > 0)),
  all: define(1, 1, (invocation) => booleanNode(matching(invocation).length === invocation.input.length)),
  allTrue: define(0, 0, (invocation) => booleanNode(booleans(invocation).every((value) => value))),
  anyTrue: define(0, 0, (invocation) => booleanNode(booleans(invocation).some((value) => value))),
  allFalse: define(0, 0, (invocation) => booleanNode(booleans(invocation).every((value) => !value))),
  anyFalse: define(0, 0, (invocation) => booleanNode(booleans(invocation).some((value) => !value))),
  count: define(0, 0, ({ input }) => integerNode(input.length)),
  not: define(0, 0, ({ input }) => {
    const truth = truthOf(input);
    return truthNodes(truth === undefined ? undefined : !truth);
  }),
  where: define(1, 1, matching),
  select: define(1, 1, select),
  repeat: define(1, 1, repeat),
  ofType: define(1, 1, ofType),
  as: define(1, 1, ofType),
  is: define(1, 1, ({ input, typeName, elements }) => {
    const [node] = input;
    if (input.length > 1) throw new Unevaluable();
    return node ? booleanNode(typeTest(typeName, elements)(node)) : nothing;
  }),
  first: define(0, 0, ({ input }) => input.slice(0, 1)),
  last: define(0, 0, ({ input }) => input.slice(-1)),
  tail: define(0, 0, ({ input }) => input.slice(1)),
  single: define(0, 0, ({ input }) => {
    if (input.length > 1) throw new Unevaluable();
    return input;
  }),
  skip: define(1, 1, (invocation) => invocation.input.slice(Math.max(count(invocation), 0))),
  take: define(1, 1, (invocation) => invocation.input.slice(0, Math.max(count(invocation), 0))),
  distinct: define(0, 0, ({ input }) => distinct(input)),
  isDistinct: define(0, 0, ({ input }) => booleanNode(new Set(input.map(fingerprintOf)).size === input.length)),
  union: define(1, 1, (invocation) => distinct([...invocation.input, ...others(invocation)])),
  combine: define(1, 1, (invocation) => [...invocation.input, ...others(invocation)]),
  intersect: define(1, 1, (invocation) => distinct(among(invocation.input, others(invocation), true))),
  exclude: define(1, 1, (invocation) => among(invocation.input, others(invocation), false)),
  subsetOf: define(1, 1, (invocation) => booleanNode(isWithin(invocation.input, others(invocation)))),
  supersetOf: define(1, 1, (invocation) => booleanNode(isWithin(others(invocation), invocation.input))),
  children: define(0, 0, childrenOf),
  descendants: define(0, 0, descendants),
  extension: define(1, 1, extension),
  hasExtension: define(1, 1, (invocation) => booleanNode(extension(invocation).length > 0)),
  resolve: define(0, 0, resolve),
  iif: define(2, 3, iif),
  aggregate: define(1, 2, aggregate),
  // it would show patients' data to whoever reads the log
  trace: define(1, 2, ({ input }) => input),
};
