/** Transaction Bundles whose entries refer to each other by `urn:uuid`. https://hl7.org/fhir/R4/http.html#transaction */

export interface BundleEntry {
  readonly fullUrl: string;
  readonly resource: object;
}

/** All entries are created. */
export function makeTransaction(entries: readonly BundleEntry[]): object {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: entries.map(({ fullUrl, resource }) => ({
      fullUrl,
      resource,
      request: { method: 'POST', url: (resource as { resourceType: string }).resourceType },
    })),
  };
}
