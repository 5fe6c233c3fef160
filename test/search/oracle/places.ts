/** Locations near a place, by the law of cosines. https://hl7.org/fhir/R4/location.html#positional */
import type { Asked } from './asked.ts';
import type { Choices } from './choices.ts';
import { isJson, type Value } from './values.ts';

const radiusKm = 6_371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

function placeOf([value]: Value): Place | undefined {
  if (!isJson(value)) return undefined;
  const { latitude, longitude } = value;
  return typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : undefined;
}

function kilometres(one: Place, other: Place): number {
  const [north, south] = [radians(one.latitude), radians(other.latitude)];
  const turn = Math.cos(radians(one.longitude - other.longitude));
  const cosine = Math.sin(north) * Math.sin(south) + Math.cos(north) * Math.cos(south) * turn;
  return radiusKm * Math.acos(Math.min(1, Math.max(-1, cosine)));
}

/** Undefined when it depends on the shape of the earth who is near. */
export function askNear(pool: readonly Value[], choices: Choices): Asked | undefined {
  const here = placeOf(choices.of(pool) ?? [undefined, '']);
  if (!here) return undefined;
  const far = choices.of([1, 10, 50, 300, 5_000]) ?? 1;
  const within = (limit: number) => (one: Value) => {
    const place = placeOf(one);
    return place !== undefined && kilometres(here, place) <= limit;
  };
  const [sure, possible] = [within(far * 0.99), within(far * 1.01)];
  if (pool.some((one) => sure(one) !== possible(one))) return undefined;
  const distance = choices.of([`${far}|km`, `${far}`, `${far * 1_000}|m`]) ?? '';
  return { text: `${here.latitude}|${here.longitude}|${distance}`, holds: (values) => values.some(sure) };
}
