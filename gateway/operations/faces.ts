import type { Stage } from '../exchange.ts'

/** Another way than GraphQL's own in which registered operations answer, at addresses of its own. */
export type Face = {
  /** Whether a path is one of its addresses; what it does not have there, it refuses itself. */
  readonly owns: (path: string) => boolean
  readonly handle: Stage
}

/** Stage 3 for whoever does not speak GraphQL. Which operations there are depends on who asks. */
export const facesOf =
  (faces: readonly Face[]): Stage =>
  (exchange, next) => {
    const { pathname } = exchange.url
    return faces.find(({ owns }) => owns(pathname))?.handle(exchange, next) ?? next()
  }
