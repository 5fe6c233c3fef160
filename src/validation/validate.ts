/** Validates resources against R4: structure, cardinality, primitive formats, required codes and the invariants checked natively. Other invariants and profiles join as further lists of issues. https://hl7.org/fhir/R4/validation.html */
import type { Definitions } from '../fhir/definitions.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Resource } from '../fhir/resource.ts';
import { containedIssues } from './contained.ts';
import { follow, type Place } from './expression.ts';
import { createSchemaChecks } from './schema-checks.ts';
import { toIssue } from './to-issue.ts';

/** At most 100 issues, all errors, in the order of the resource; none means valid. `path` is the FHIRPath of the resource (`Bundle.entry[3].resource`), its type by default. Takes time linear in the size of the resource. */
export type Validate = (resource: Resource, path?: string) => readonly Issue[];

const maximumIssues = 100;

/** A resource still to be checked. */
interface Pending {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly expression: string;
}

const badType = (resourceType: unknown, expression: string): Issue => ({
  severity: 'error',
  code: resourceType === undefined ? 'required' : 'structure',
  diagnostics: 'A resource needs a resourceType that R4 defines',
  expression: [`${expression}.resourceType`],
});

/** A value that breaks both the pattern and the format of its type is told of once. */
const isSame = (issue: Issue, last: Issue | undefined): boolean =>
  issue.diagnostics === last?.diagnostics && issue.expression?.[0] === last.expression?.[0];

/** The schemas are compiled when their type is first met (about 10 ms each). */
export function createValidator(definitions: Definitions): Validate {
  const { elements } = definitions;
  // AJV may count two errors for one issue.
  const checkOf = createSchemaChecks(definitions, 2 * maximumIssues);

  /** Adds the issues of one resource, and the resources within it to those pending. */
  const validateOne = ({ resource, expression }: Pending, issues: Issue[], pending: Pending[]): void => {
    const { resourceType } = resource;
    const check = typeof resourceType === 'string' ? checkOf(resourceType) : undefined;
    if (!check) {
      issues.push(badType(resourceType, expression));
      return;
    }
    const place: Place = { expression, type: String(resourceType) };
    const { errors, nested } = check(resource);
    for (const error of errors) {
      const issue = toIssue(elements, place, error);
      if (issue && !isSame(issue, issues.at(-1))) issues.push(issue);
    }
    issues.push(...containedIssues(resource, expression, maximumIssues));
    for (const { resource: found, instancePath } of nested) {
      pending.push({ resource: found, expression: follow(elements, place, instancePath).expression });
    }
  };

  return (resource, path) => {
    const issues: Issue[] = [];
    const type = definitions.resourceTypes.has(resource.resourceType) ? resource.resourceType : 'Resource';
    const pending: Pending[] = [{ resource, expression: path ?? type }];
    for (const next of pending) {
      if (issues.length >= maximumIssues) break;
      validateOne(next, issues, pending);
    }
    return issues.slice(0, maximumIssues);
  };
}
