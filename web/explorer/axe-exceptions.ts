/** A finding of axe that is GraphiQL's own and that we cannot mend from outside. */
export type AxeException = {
  readonly rule: string
  /** Every element that is found matches this. */
  readonly selector: string
  readonly why: string
}

/** A test fails for a finding that is not here, and for one here that is no longer found. */
export const axeExceptions: readonly AxeException[] = [
  {
    rule: 'nested-interactive',
    selector: 'li.graphiql-tab[role="tab"]',
    why: 'GraphiQL 5.4 gives the role of a tab to the list item around its two buttons (open, close); both work with the keyboard.',
  },
  {
    rule: 'label-content-name-mismatch',
    selector: 'button.graphiql-history-item-label',
    why: 'GraphiQL 5.4 names every entry of the history "Set active" whatever its text; the entry can be reached and pressed.',
  },
]
