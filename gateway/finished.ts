const finished = new WeakSet<Response>()

/** An answer that is compressed and tagged already: nothing more is to be done to its body. */
export function finish(response: Response): Response {
  finished.add(response)
  return response
}

export const isFinished = (response: Response): boolean => finished.has(response)
