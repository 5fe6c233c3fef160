/** JSON Patch on the text of a resource: all operations or none, and numbers keep their writing. https://www.rfc-editor.org/rfc/rfc6902 */
import { invalid } from '../fhir/fhir-error.ts';
import { copyLossless, equalsLossless } from '../json/compare-lossless.ts';
import { type LosslessObject, type LosslessValue, parseLossless, stringifyLossless } from '../json/lossless.ts';
import { child, isInside, type JsonPointer, parsePointer, readIndex } from './json-pointer.ts';
import { atOperation, inapplicable, malformed } from './patch-fault.ts';
import { checkOperationCount, WorkBudget } from './patch-limits.ts';

/** A resource while it is being patched. */
class Patching {
  readonly #budget = new WorkBudget();
  #root: LosslessValue;

  constructor(root: LosslessValue) {
    this.#root = root;
  }

  get root(): LosslessValue {
    return this.#root;
  }

  get(pointer: JsonPointer): LosslessValue {
    return pointer.reduce(child, this.#root);
  }

  copy(pointer: JsonPointer): LosslessValue {
    return copyLossless(this.get(pointer), this.#budget.spend);
  }

  add(pointer: JsonPointer, value: LosslessValue): void {
    const last = pointer.at(-1);
    if (last === undefined) {
      this.#root = value;
      return;
    }
    const parent = this.#parent(pointer);
    this.#spendShift(parent);
    if (parent instanceof Map) parent.set(last, value);
    else parent.splice(last === '-' ? parent.length : readIndex(last, parent.length + 1), 0, value);
  }

  remove(pointer: JsonPointer): void {
    const last = pointer.at(-1);
    if (last === undefined) throw inapplicable('the whole resource cannot be removed');
    const parent = this.#parent(pointer);
    this.#spendShift(parent);
    child(parent, last);
    if (parent instanceof Map) parent.delete(last);
    else parent.splice(readIndex(last, parent.length), 1);
  }

  /** Puts a value where one is, which for a member keeps its place among the others. */
  replace(pointer: JsonPointer, value: LosslessValue): void {
    this.get(pointer);
    const last = pointer.at(-1);
    if (last === undefined) {
      this.#root = value;
      return;
    }
    const parent = this.#parent(pointer);
    if (parent instanceof Map) parent.set(last, value);
    else parent[readIndex(last, parent.length)] = value;
  }

  /** In an array all that follows is shifted, which is cheap but not free. */
  #spendShift(parent: LosslessObject | LosslessValue[]): void {
    if (Array.isArray(parent)) this.#budget.spend(parent.length >> 6);
  }

  #parent(pointer: JsonPointer): LosslessObject | LosslessValue[] {
    const parent = this.get(pointer.slice(0, -1));
    if (parent instanceof Map || Array.isArray(parent)) return parent;
    throw inapplicable('the path leads into a value that has nothing inside');
  }
}

type RunOperation = (patching: Patching, operation: LosslessObject, path: JsonPointer) => void;

const serverOwned: readonly JsonPointer[] = [['id'], ['resourceType'], ['meta', 'versionId'], ['meta', 'lastUpdated']];

/** The server alone sets the identity of a resource; `test` may look at it. */
function refuseServerOwned(pointer: JsonPointer): void {
  const isOwned = serverOwned.some(
    (owned) => owned.every((token, level) => pointer[level] === token) && pointer.length >= owned.length,
  );
  if (isOwned)
    throw inapplicable('id, resourceType, meta.versionId and meta.lastUpdated cannot be patched', 'business-rule');
}

function valueOf(operation: LosslessObject): LosslessValue {
  const value = operation.get('value');
  if (value === undefined) throw malformed('the operation needs a value');
  return value;
}

/** Every operation of RFC 6902. */
const operations: ReadonlyMap<LosslessValue | undefined, RunOperation> = new Map<
  LosslessValue | undefined,
  RunOperation
>([
  [
    'add',
    (patching, operation, path) => {
      refuseServerOwned(path);
      patching.add(path, valueOf(operation));
    },
  ],
  [
    'remove',
    (patching, _operation, path) => {
      refuseServerOwned(path);
      patching.remove(path);
    },
  ],
  [
    'replace',
    (patching, operation, path) => {
      refuseServerOwned(path);
      patching.replace(path, valueOf(operation));
    },
  ],
  [
    'move',
    (patching, operation, path) => {
      const from = parsePointer(operation.get('from'), 'from');
      refuseServerOwned(path);
      refuseServerOwned(from);
      if (isInside(path, from)) throw inapplicable('a value cannot be moved into itself');
      const value = patching.get(from);
      patching.remove(from);
      patching.add(path, value);
    },
  ],
  [
    'copy',
    (patching, operation, path) => {
      refuseServerOwned(path);
      patching.add(path, patching.copy(parsePointer(operation.get('from'), 'from')));
    },
  ],
  [
    'test',
    (patching, operation, path) => {
      if (!equalsLossless(valueOf(operation), patching.get(path))) throw inapplicable('the test failed');
    },
  ],
]);

function runOperation(patching: Patching, operation: LosslessValue): void {
  if (!(operation instanceof Map)) throw malformed('an operation must be an object');
  const run = operations.get(operation.get('op'));
  if (!run) throw malformed('op must be add, remove, replace, move, copy or test');
  run(patching, operation, parsePointer(operation.get('path'), 'path'));
}

function identityOf(root: LosslessValue): string {
  if (!(root instanceof Map)) throw inapplicable('what is left would be no resource');
  return JSON.stringify([root.get('resourceType'), root.get('id')]);
}

/** The text of a resource with a JSON Patch applied, both as JSON texts. Throws 400 for a malformed patch, 422 for an operation that cannot be applied and 413 for one that costs too much; the error names the operation (`patch[2]`) and no values. The result is not validated. */
export function applyJsonPatch(text: string, patchText: string): string {
  const patch = parseLossless(patchText);
  if (!Array.isArray(patch)) throw invalid('A JSON Patch is an array of operations');
  checkOperationCount(patch.length);
  const patching = new Patching(parseLossless(text));
  const identity = identityOf(patching.root);
  for (const [index, operation] of patch.entries()) {
    atOperation(`patch[${index}]`, () => {
      runOperation(patching, operation);
      if (identityOf(patching.root) !== identity) {
        throw inapplicable('the type and the id of a resource cannot be patched', 'business-rule');
      }
    });
  }
  return stringifyLossless(patching.root);
}
