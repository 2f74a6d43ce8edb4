/** Something that a tier promises and did not do here. */
export type NotRun = { readonly step: string; readonly why: string }
