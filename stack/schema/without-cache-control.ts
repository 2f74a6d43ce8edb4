import { Kind, parse, print, visit } from 'graphql'

const name = 'cacheControl'

/** A graph that clients see, without what its fields say to the gateway of being kept. */
export const withoutCacheControl = (sdl: string): string =>
  print(
    visit(parse(sdl), {
      [Kind.DIRECTIVE]: (node) => (node.name.value === name ? null : undefined),
      [Kind.DIRECTIVE_DEFINITION]: (node) => (node.name.value === name ? null : undefined),
      [Kind.ENUM_TYPE_DEFINITION]: (node) =>
        node.name.value.startsWith(`${name}__`) ? null : undefined,
    }),
  )
