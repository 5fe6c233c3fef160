/** The writing of generated files: the same values always make the same bytes, one thing per line, so that a diff reads well. https://hl7.org/fhir/R4/json.html */

/** Pretty JSON, one space an indent. */
export const prettyText = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** An array with one item a line. */
export const linesText = (items: readonly unknown[]): string =>
  `[\n${items.map((item) => ` ${JSON.stringify(item)}`).join(',\n')}\n]\n`;

/** An object with one member a line. */
export const membersText = (members: Readonly<Record<string, unknown>>): string =>
  `{\n${Object.entries(members)
    .map(([name, value]) => ` ${JSON.stringify(name)}:${JSON.stringify(value)}`)
    .join(',\n')}\n}\n`;
