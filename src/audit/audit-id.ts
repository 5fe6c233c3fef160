/** The logical id of an AuditEvent on this server: the decimal number of its row. https://hl7.org/fhir/R4/resource.html#id */

const largestKey = 9_223_372_036_854_775_807n;

/** True for what can be the id of an audit record: a positive 64-bit number without leading zeros. */
export function isAuditId(text: string): boolean {
  return /^[1-9][0-9]{0,18}$/.test(text) && BigInt(text) <= largestKey;
}
