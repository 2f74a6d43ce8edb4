import { StripeFault } from './fault.ts'

export type Outage = {
  /** Of `POST /v1/refunds`. */
  readonly on: RegExp
  /** `after`: the work is done and kept, only the answer is lost. */
  readonly when: 'before' | 'after'
  readonly status?: number
  /** The package repeats a failed call by itself: as many answers as it must see fail. */
  readonly times?: number
}

type Hold = { readonly on: RegExp; arrive(): void; readonly released: Promise<void> }

const outageFault = (status: number) =>
  new StripeFault(status, {
    type: 'api_error',
    message: 'An unexpected error occurred. (The sandbox was told to fail.)',
  })

const lineOf = (request: Request) => `${request.method} ${new URL(request.url).pathname}`

/** What tests make go wrong between a caller and the API. */
export class Control {
  readonly #outages: (Required<Outage> & { left: number })[] = []
  readonly #holds: Hold[] = []

  /** The next calls that match fail. */
  fail({ status = 500, times = 1, ...outage }: Outage) {
    this.#outages.push({ ...outage, status, times, left: times })
  }

  /** Everything works again. */
  mend() {
    this.#outages.length = 0
  }

  /** Keeps the next call that matches waiting, before it does anything. */
  hold(on: RegExp) {
    const [arrived, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    this.#holds.push({ on, arrive: arrived.resolve, released: released.promise })
    return { arrived: arrived.promise, release: released.resolve }
  }

  /** Null, after any wait, for a call that may go on. */
  async before(request: Request): Promise<StripeFault | null> {
    const index = this.#holds.findIndex(({ on }) => on.test(lineOf(request)))
    const [held] = index < 0 ? [] : this.#holds.splice(index, 1)
    held?.arrive()
    await held?.released
    return this.#next(request, 'before')
  }

  /** Null for an answer that may go out. */
  after(request: Request): StripeFault | null {
    return this.#next(request, 'after')
  }

  #next(request: Request, when: Outage['when']) {
    const line = lineOf(request)
    const found = this.#outages.find(
      (one) => one.when === when && one.left > 0 && one.on.test(line),
    )
    if (!found) return null
    found.left -= 1
    return outageFault(found.status)
  }
}
