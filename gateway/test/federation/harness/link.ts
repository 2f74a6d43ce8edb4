/** What a subgraph's SDL begins with: every directive of Federation by its own name. */
export const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: [
    "@key", "@shareable", "@requires", "@external", "@provides", "@override", "@interfaceObject"
    "@inaccessible", "@tag"
  ]
)
`
