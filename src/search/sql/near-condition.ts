/** Distances on the earth as a condition on rows with a latitude and a longitude. https://hl7.org/fhir/R4/location.html#positional */
import { type SQL, sql } from 'drizzle-orm';
import type { Near } from '../match.ts';
import { latitudesOf, earthRadiusKm } from '../near.ts';
import { allOf, anyOf } from './rows.ts';

/** By the haversine formula. The row holds the latitude in `low` and the longitude in `high`. */
function withinDistance({ latitude, longitude, kilometres }: Near, row: SQL): SQL {
  const here = sql`${latitude}::float8`;
  const a = sql`power(sin(radians(${row}.low - ${here}) / 2), 2) + cos(radians(${here})) * cos(radians(${row}.low)) * power(sin(radians(${row}.high - ${longitude}::float8) / 2), 2)`;
  return sql`2 * ${earthRadiusKm}::float8 * asin(least(1, sqrt(${a}))) <= ${kilometres}::float8`;
}

/** Within one of the circles. The latitudes come first: they are what the index finds. */
export function nearCondition(places: readonly Near[], row: SQL): SQL {
  return anyOf(
    places.map((place) => {
      const { south, north } = latitudesOf(place);
      return allOf([
        sql`${row}.low >= ${south}::float8 AND ${row}.low <= ${north}::float8`,
        withinDistance(place, row),
      ]);
    }),
  );
}
