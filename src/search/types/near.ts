/** Places on the earth. https://hl7.org/fhir/R4/location.html#positional */
import { parseNear } from '../near.ts';
import type { QueriedSearchType } from '../search-type.ts';
import { membersOf, numberOf } from '../shapes.ts';

/** `Location.position`: one row with the latitude at its low end and the longitude at its high one. */
export const near: QueriedSearchType = {
  index(value, { key, code }, sink) {
    if (code !== 'near') return;
    const { latitude, longitude } = membersOf(value);
    const [north, east] = [numberOf(latitude), numberOf(longitude)];
    if (north !== undefined && east !== undefined) sink.number(key, north, east);
  },

  parse: (alternatives, context) => ({
    kind: 'near',
    places: alternatives.map((text) => parseNear(text, context)),
  }),
};
