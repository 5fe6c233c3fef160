/** Names of packages and their versions: `hl7.fhir.us.core#5.0.1`. https://confluence.hl7.org/display/FHIR/NPM+Package+Specification */

/** A package and the version wanted of it, which may be `latest` or have an `x` for its last part. */
export interface PackageName {
  readonly name: string;
  readonly version: string;
}

export const isPackageName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text);
export const isPackageVersion = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/.test(text);

/** Reads `name#version`, or undefined when it is none. */
export function readPackageName(text: string): PackageName | undefined {
  const hash = text.indexOf('#');
  const [name, version] = [text.slice(0, Math.max(hash, 0)), text.slice(hash + 1)];
  return isPackageName(name) && isPackageVersion(version) ? { name, version } : undefined;
}

/** Whether a version is one of those wanted: the same, or, for `1.0.x`, any that begins with `1.0.`. */
export function isVersionWanted(version: string, wanted: string): boolean {
  return wanted.endsWith('.x') ? version.startsWith(wanted.slice(0, -1)) : version === wanted;
}
