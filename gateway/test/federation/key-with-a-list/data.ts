export const bundles = [
  {
    items: [
      { sku: 'a', kind: { tag: 'x' } },
      { sku: 'b', kind: { tag: 'y' } },
    ],
    main: { sku: 'a', kind: { tag: 'z' } },
  },
  { items: [{ sku: 'a', kind: { tag: 'x' } }], main: null },
  { items: [], main: null },
]

type Bundle = {
  readonly items: readonly { readonly sku: string; readonly kind: { readonly tag: string } }[]
}

export const said = ({ items }: Bundle) =>
  items.map(({ sku, kind }) => `${sku}${kind.tag}`).join('+')
