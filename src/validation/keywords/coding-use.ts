/** `codingUse: true`: a code that its system does not have, or a display that its code does not have, or a system that is no absolute URI, deserves a warning. Not more: code systems grow, and what is bundled is of the day of R4. https://hl7.org/fhir/R4/datatypes.html#Coding */
import { type CodeKeywordDefinition, _ } from 'ajv';
import { isAbsoluteUri } from '../../fhir/reference.ts';
import { type CodedValue, isCodedValue, type Terminology } from '../../fhir/terminology.ts';
import { warnWhen } from './warn.ts';

const same = (left: string, right: string): boolean =>
  left === right ||
  left.trim().toLowerCase().replaceAll(/\s+/g, ' ') === right.trim().toLowerCase().replaceAll(/\s+/g, ' ');

/** Case and spacing do not matter. */
function hasWrongDisplay(coding: CodedValue, terminology: Terminology): boolean {
  const { display } = coding;
  if (typeof display !== 'string' || !isCodedValue(coding)) return false;
  const displays = terminology.displays(coding);
  return displays !== undefined && displays.length > 0 && !displays.some((known) => same(known, display));
}

/** What a relative URI names depends on who reads it. */
const hasRelativeSystem = ({ system }: { readonly system?: unknown }): boolean =>
  typeof system === 'string' && !isAbsoluteUri(system);

/** `identifierUse: true`: the system of an identifier should be an absolute URI. */
export const identifierUse: CodeKeywordDefinition = {
  keyword: 'identifierUse',
  type: 'object',
  schemaType: 'boolean',
  code(context) {
    const isRelative = context.gen.scopeValue('func', { ref: hasRelativeSystem });
    warnWhen(context, _`${isRelative}(${context.data})`, { about: 'system' });
  },
};

export function codingUse(terminology: Terminology): CodeKeywordDefinition {
  return {
    keyword: 'codingUse',
    type: 'object',
    schemaType: 'boolean',
    code(context) {
      const { gen, data } = context;
      const isUnknown = gen.scopeValue('func', {
        ref: (coding: CodedValue) => isCodedValue(coding) && terminology.isUnknownCode(coding),
      });
      const isMisnamed = gen.scopeValue('func', { ref: (coding: CodedValue) => hasWrongDisplay(coding, terminology) });
      const isRelative = gen.scopeValue('func', { ref: hasRelativeSystem });
      warnWhen(context, _`${isRelative}(${data})`, { about: 'system' });
      warnWhen(context, _`${isUnknown}(${data})`, { about: 'code' });
      warnWhen(context, _`${isMisnamed}(${data})`, { about: 'display' });
    },
  };
}
