/** Places and distances on the earth. https://hl7.org/fhir/R4/location.html#positional */
import type { CanonicalUnitOf } from './canonical-quantity.ts';
import { malformed, refused } from './malformed.ts';
import type { Near } from './match.ts';
import { splitValue, unescapeValue } from './split-value.ts';

/** The mean radius of the ellipsoid of WGS84: distances are right to half a percent. */
export const earthRadiusKm = 6_371.008_8;
/** What is near where nothing is said; R4 leaves it to the server. */
const defaultKm = 50;
/** No two places are farther apart. */
const halfWayRoundKm = Math.PI * earthRadiusKm;
/** Latitudes of the box are wider than the circle by this factor, so that rounding leaves nobody out. */
const margin = 1.000_1;
const decimal = /^[+-]?\d{1,9}(?:\.\d{1,20})?$/;

interface Place {
  /** As the client wrote it, for error messages. */
  readonly name: string;
  readonly canonicalUnit: CanonicalUnitOf;
}

function degrees(text: string | undefined, limit: 90 | 180, name: string): number {
  const value = text !== undefined && decimal.test(text) ? Number(text) : Number.NaN;
  if (Math.abs(value) <= limit) return value;
  const part = limit === 90 ? 'a latitude from -90 to 90' : 'a longitude from -180 to 180, after the latitude';
  throw malformed(name, `latitude|longitude|distance|unit with ${part}`);
}

/** Kilometres in one of a unit of UCUM that measures lengths. */
function kilometresOf(unit: string, { name, canonicalUnit }: Place): number {
  const [metre, given] = [canonicalUnit('m'), canonicalUnit(unit)];
  if (metre && given && given.key === metre.key) return given.convert(1) / metre.convert(1) / 1_000;
  throw refused(name, 'the unit is no length of UCUM such as km, m or [mi_i]');
}

function distance(text: string, unit: string, place: Place): number {
  if (text === '') return defaultKm;
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0)) throw malformed(place.name, 'latitude|longitude|distance|unit with a distance of 0 or more');
  return Math.min(value * (unit === '' ? 1 : kilometresOf(unit, place)), halfWayRoundKm);
}

/** Reads `latitude|longitude|distance|unit`; kilometres without a unit, 50 of them without a distance. Throws a FhirError 400 that names the parameter and the part that is wrong. */
export function parseNear(text: string, place: Place): Near {
  const parts = splitValue(text, '|').map(unescapeValue);
  const [latitude, longitude, far = '', unit = ''] = parts;
  if (parts.length > 4) throw malformed(place.name, 'latitude|longitude|distance|unit and no more');
  return {
    latitude: degrees(latitude, 90, place.name),
    longitude: degrees(longitude, 180, place.name),
    kilometres: distance(far, unit, place),
  };
}

/** The latitudes, in degrees, between which all places within the distance lie. */
export function latitudesOf({ latitude, kilometres }: Near): { readonly south: number; readonly north: number } {
  const reach = (kilometres / earthRadiusKm) * (180 / Math.PI) * margin;
  return { south: latitude - reach, north: latitude + reach };
}
