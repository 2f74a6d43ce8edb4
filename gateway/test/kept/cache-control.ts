/** What a subgraph's SDL needs before its fields say how long they may be kept. */
export const withCacheControl = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9",
    import: ["@key", "@authenticated", "@requiresScopes", "@composeDirective"])
  @link(url: "https://specs.plexus.example/cacheControl/v0.1", import: ["@cacheControl"])
  @composeDirective(name: "@cacheControl")
enum cacheControl__Scope { PUBLIC PRIVATE }
directive @cacheControl(maxAge: Int, scope: cacheControl__Scope, inheritMaxAge: Boolean)
  on FIELD_DEFINITION | OBJECT
`
