/** A source file as the architecture test sees it: who it imports, and what it does that only some rooms may do. https://swc.rs/docs/usage/core */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from '@swc/core';

export interface Import {
  /** As written: a package, a `node:` module or a relative path. */
  readonly specifier: string;
  /** The file it leads to, as `search/parse.ts`; undefined for packages. */
  readonly file?: string;
  readonly isType: boolean;
}

export interface Source {
  /** Below `src/`, as `search/parse.ts`. */
  readonly file: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** `async` functions, `await`, `for await`. */
  readonly isAsync: boolean;
  /** Names declared by `let` or `var` outside of functions. */
  readonly moduleVariables: readonly string[];
  /** `process.env` handed on whole, or taken apart. */
  readonly environment: 'unused' | 'handed on' | 'read';
  /** Names of what is called: `fetch` of `fetch()`, `.query` of `client.query()`. */
  readonly calls: ReadonlySet<string>;
}

type Node = Readonly<Record<string, unknown>> & { readonly type?: string };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every node with the one around it, the outer first. */
function* walk(node: Node, parent?: Node): Generator<readonly [node: Node, parent: Node | undefined]> {
  if (node.type !== undefined) yield [node, parent];
  const around = node.type === undefined ? parent : node;
  for (const value of Object.values(node)) if (isNode(value)) yield* walk(value, around);
}

/** What an identifier or a literal says. */
function text(node: unknown): string {
  const value = isNode(node) ? node['value'] : undefined;
  return typeof value === 'string' ? value : '';
}

/** What a node imports, and whether only types. */
function importOf(node: Node): readonly [specifier: string, isType: boolean] | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return isNode(node['source']) ? [text(node['source']), node['typeOnly'] === true] : undefined;
    case 'TsImportType':
      return [text(node['argument']), true];
    case 'CallExpression': {
      const [first] = node['arguments'] as readonly Node[];
      return (node['callee'] as Node).type === 'Import' ? [text(first?.['expression']), false] : undefined;
    }
    default:
      return undefined;
  }
}

function isEnvironment({ type, object, property }: Node): boolean {
  if (type !== 'MemberExpression' || !isNode(object) || !isNode(property)) return false;
  return object['value'] === 'process' && object.type === 'Identifier' && property['value'] === 'env';
}

function callOf({ type, callee }: Node): string | undefined {
  if (type !== 'CallExpression' || !isNode(callee)) return undefined;
  if (callee.type === 'Identifier') return text(callee);
  return callee.type === 'MemberExpression' ? `.${text(callee['property'])}` : undefined;
}

/** A method's function is a part without a type of its own. */
function isAsync(node: Node): boolean {
  const method = isNode(node['function']) ? node['function'] : node;
  return node.type === 'AwaitExpression' || method['async'] === true || node['isAwait'] === true;
}

/** The `let`s at the top of a module; one that is exported stands inside an export. */
function variablesOf(body: readonly Node[]): readonly string[] {
  const declarations = body.map((node) => (node.type === 'ExportDeclaration' ? (node['declaration'] as Node) : node));
  const changing = declarations.filter(({ type, kind }) => type === 'VariableDeclaration' && kind !== 'const');
  return changing.flatMap((node) => (node['declarations'] as readonly Node[]).map(({ id }) => text(id)));
}

/** Reads one file's text. `file` is its path below `src/`. */
export function readSource(file: string, content: string): Source {
  const module = parseSync(content, { syntax: 'typescript', target: 'es2022' }) as unknown as Node;
  const imports: Import[] = [];
  const calls = new Set<string>();
  let environment: Source['environment'] = 'unused';
  let asynchronous = false;
  for (const [node, parent] of walk(module)) {
    const found = importOf(node);
    if (found) {
      const [specifier, isType] = found;
      const target = specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : undefined;
      imports.push({ specifier, isType, ...(target !== undefined && { file: target }) });
    }
    const call = callOf(node);
    if (call !== undefined) calls.add(call);
    if (isAsync(node)) asynchronous = true;
    if (isEnvironment(node) && environment !== 'read') {
      environment = parent?.type === 'CallExpression' ? 'handed on' : 'read';
    }
  }
  return {
    file,
    lines: content.trimEnd().split('\n').length,
    imports,
    isAsync: asynchronous,
    moduleVariables: variablesOf(module['body'] as readonly Node[]),
    environment,
    calls,
  };
}

/** Reads all TypeScript below a folder. */
export function readSources(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => readSource(file.split(path.sep).join('/'), readFileSync(path.join(folder, file), 'utf8')));
}
