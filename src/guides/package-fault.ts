/** Why a package cannot be used, in a sentence for the operator who wants to add it. */
export class PackageFault extends Error {}
