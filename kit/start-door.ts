import { AppError } from './errors.ts'

/**
 * For a port that is open before what is behind it has started: probes are answered, and everybody
 * else is told to come again.
 */
export function createStartDoor() {
  let isOpen = false
  return {
    open: () => {
      isOpen = true
    },
    /** Red until then. */
    checks: {
      started: async () => {
        if (!isOpen) throw new Error('it is still starting')
      },
    },
    guard:
      <Rest extends readonly unknown[]>(
        fetch: (request: Request, ...rest: Rest) => Promise<Response>,
      ) =>
      async (request: Request, ...rest: Rest): Promise<Response> => {
        if (!isOpen) throw new AppError('UNAVAILABLE', 'This is still starting. Try again.')
        return fetch(request, ...rest)
      },
  }
}
