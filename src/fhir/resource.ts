/** The FHIR resource as this server handles it: a parsed JSON object whose shape the validator, not the compiler, guarantees. https://hl7.org/fhir/R4/resource.html */
export interface Meta {
  readonly versionId?: string;
  readonly lastUpdated?: string;
  readonly [element: string]: unknown;
}

export interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly meta?: Meta;
  readonly [element: string]: unknown;
}

/** What names one resource on this server. https://hl7.org/fhir/R4/resource.html#identification */
export interface ResourceIdentity {
  readonly type: string;
  readonly id: string;
}

const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;

/** True for a logical id of R4: 1 to 64 of `A-Z a-z 0-9 - .`. `.` and `..` are refused because HTTP clients resolve them away. https://hl7.org/fhir/R4/datatypes.html#id */
export function isLogicalId(text: string): boolean {
  return idPattern.test(text) && text !== '.' && text !== '..';
}
