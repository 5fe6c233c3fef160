/** FHIR vread: one version, also after the resource was changed or deleted. https://hl7.org/fhir/R4/http.html#vread */
import { gone, notFound } from '../fhir/fhir-error.ts';
import { identityOf } from './identity.ts';
import type { Interaction } from './interaction.ts';
import { isNotModified } from './read.ts';

const versionPattern = /^[1-9]\d{0,8}$/;

export const vread: Interaction = async (input, { store }) => {
  const identity = identityOf(input);
  const unknown = () => notFound(`There is no such version of this ${identity.type}`);
  if (!versionPattern.test(input.version ?? '')) throw unknown();
  const version = await store.readVersion(identity, Number(input.version));
  if (!version) throw unknown();
  if (version.deleted || version.text === undefined) throw gone(`This version is the deletion of the ${identity.type}`);
  const { patients } = version;
  if (isNotModified(input.conditions, version)) return { status: 304, version, patients };
  return { status: 200, text: version.text, version, patients };
};
