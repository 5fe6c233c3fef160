/** Sets id, version and time in the text of a resource without touching anything else of it. https://hl7.org/fhir/R4/resource.html#Meta */
import type { MetaOutline, ResourceDocument, ResourceOutline, VersionIdentity } from './document.ts';
import { applyEdits, type Edit } from './edits.ts';
import { skipSpace } from './tokens.ts';

const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text });
const byOffset = (one: Edit, other: Edit): number => one.start - other.start;

function metaEdits({ value, empty, ...known }: MetaOutline, versionId: string, lastUpdated: string): readonly Edit[] {
  if (empty) return [{ ...value, text: `{"versionId":${versionId},"lastUpdated":${lastUpdated}}` }];
  const missing =
    (known.versionId ? '' : `"versionId":${versionId},`) + (known.lastUpdated ? '' : `"lastUpdated":${lastUpdated},`);
  return [
    ...(missing === '' ? [] : [insertion(value.start + 1, missing)]),
    ...(known.versionId ? [{ ...known.versionId, text: versionId }] : []),
    ...(known.lastUpdated ? [{ ...known.lastUpdated, text: lastUpdated }] : []),
  ];
}

/** Where R4 has them: `id` after resourceType and `meta` after `id`; at the beginning when there is neither. */
function insertMembers({ object, resourceType, id }: ResourceOutline, text: string, members: string): Edit {
  const after = id ?? resourceType;
  if (after) return insertion(after.end, `,${members}`);
  const isEmpty = skipSpace(text, object.start + 1) === object.end - 1;
  return insertion(object.start + 1, isEmpty ? members : `${members},`);
}

/** The text of one resource (of its object alone, so that it works for entries of Bundles too) with `id`, `meta.versionId` and `meta.lastUpdated` set. Costs a copy of the text. */
export function spliceIdentity(
  { text, outline }: Pick<ResourceDocument, 'text' | 'outline'>,
  { id, ...version }: VersionIdentity,
): string {
  const idText = JSON.stringify(id);
  const versionId = JSON.stringify(version.versionId);
  const lastUpdated = JSON.stringify(version.lastUpdated);
  const missing: string[] = [];
  const edits: Edit[] = [];
  if (outline.id) edits.push({ ...outline.id, text: idText });
  else missing.push(`"id":${idText}`);
  if (outline.meta) edits.push(...metaEdits(outline.meta, versionId, lastUpdated));
  else missing.push(`"meta":{"versionId":${versionId},"lastUpdated":${lastUpdated}}`);
  if (missing.length > 0) edits.push(insertMembers(outline, text, missing.join(',')));
  return applyEdits(text, edits.sort(byOffset), outline.object);
}
