/** Which of two business versions is newer. Most are semantic versions, some are dates; any text is allowed. https://hl7.org/fhir/R4/resource.html#versions */

/** Numbers order as numbers and above words, so that `1.0.0` is above `1.0.0-ballot`. */
function comparePart(left: string | undefined, right: string | undefined): number {
  if (left === right) return 0;
  const isWord = (part: string | undefined) => part !== undefined && !/^\d+$/.test(part);
  if (isWord(left) !== isWord(right)) return isWord(left) ? -1 : 1;
  if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
  if (isWord(left)) return left < right ? -1 : 1;
  // compared as text, so that a long one loses no digits
  const [a, b] = [left.replace(/^0+/, ''), right.replace(/^0+/, '')];
  if (a === b) return 0;
  return a.length - b.length || (a < b ? -1 : 1);
}

/** Below 0 when `left` is older, above 0 when it is newer; none at all is the oldest. What follows a `+` does not count. */
export function compareVersions(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  const [a, b] = [left, right].map((version) => (version.split('+')[0] ?? '').split(/[.-]/));
  for (let index = 0; index < Math.max(a?.length ?? 0, b?.length ?? 0); index += 1) {
    const order = comparePart(a?.[index], b?.[index]);
    if (order !== 0) return order;
  }
  return 0;
}
