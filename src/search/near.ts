/** placeholder */
import type { Near } from './match.ts';
import { malformed } from './malformed.ts';
export const earthRadiusKm = 6371.0088;
export function parseNear(text: string, name: string): Near {
  const [latitude, longitude, distance = '50'] = text.split('|').map(Number).map(String);
  const near = { latitude: Number(latitude), longitude: Number(longitude), kilometres: Number(distance) };
  if (Object.values(near).some((one) => !Number.isFinite(one))) throw malformed(name, 'a place');
  return near;
}
export function boundingBox({ latitude, kilometres }: Near) {
  const d = (kilometres / earthRadiusKm) * (180 / Math.PI) * 1.0001;
  return { south: latitude - d, north: latitude + d };
}
