/** Checks a JSON text of any kind, such as a JSON Patch, by the rules that resources are held to. */
import type { Issue } from '../fhir/issue.ts';
import { faultIssue, JsonFault } from './json-fault.ts';
import { defaultLimits, scan, type ScanLimits, type Watch } from './scan.ts';

/** The first offence of a text against the rules, or undefined. What `watch` was told is complete only without an offence. */
export function checkJson(text: string, limits: ScanLimits = defaultLimits, watch?: Watch): Issue | undefined {
  try {
    scan(text, limits, watch);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    return faultIssue(text, cause);
  }
}
