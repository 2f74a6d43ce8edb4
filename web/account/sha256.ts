/**
 * SHA-256 (FIPS 180-4) without waiting: the browser's own answers by a promise each time, which for
 * short texts takes ten times as long as the work. For puzzles only, never for secrets.
 */

const firstPrimes = (count: number): number[] => {
  const primes: number[] = []
  for (let next = 2; primes.length < count; next += 1)
    if (primes.every((prime) => next % prime !== 0)) primes.push(next)
  return primes
}

/** The first 32 bits of the fraction. */
const fraction = (value: number): number => Math.floor((value % 1) * 2 ** 32) | 0

const primes = firstPrimes(64)
const roundConstants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)))
const initialState = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))

const turned = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits))

const schedule = new Int32Array(64)

const word = (words: Int32Array, place: number): number => words[place] ?? 0

/** The 16 words of a block, drawn out to the 64 that the rounds take. */
function drawOut(block: DataView, offset: number): void {
  for (let place = 0; place < 16; place += 1) schedule[place] = block.getInt32(offset + place * 4)
  for (let place = 16; place < 64; place += 1) {
    const early = word(schedule, place - 15)
    const late = word(schedule, place - 2)
    const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)
    const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10)
    schedule[place] = (word(schedule, place - 16) + s0 + word(schedule, place - 7) + s1) | 0
  }
}

function compress(state: Int32Array): void {
  let a = word(state, 0)
  let b = word(state, 1)
  let c = word(state, 2)
  let d = word(state, 3)
  let e = word(state, 4)
  let f = word(state, 5)
  let g = word(state, 6)
  let h = word(state, 7)
  for (let round = 0; round < 64; round += 1) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
    const choice = (e & f) ^ (~e & g)
    const t1 = (h + s1 + choice + word(roundConstants, round) + word(schedule, round)) | 0
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + s0 + majority) | 0
  }
  state[0] = (word(state, 0) + a) | 0
  state[1] = (word(state, 1) + b) | 0
  state[2] = (word(state, 2) + c) | 0
  state[3] = (word(state, 3) + d) | 0
  state[4] = (word(state, 4) + e) | 0
  state[5] = (word(state, 5) + f) | 0
  state[6] = (word(state, 6) + g) | 0
  state[7] = (word(state, 7) + h) | 0
}

const blockBytes = 64
/** The bit that ends the message, and its length. */
const endBytes = 9

/** The eight words of the hash. */
export function sha256(message: Uint8Array): Int32Array {
  const blocks = Math.ceil((message.length + endBytes) / blockBytes)
  const padded = new Uint8Array(blocks * blockBytes)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 4, message.length * 8)
  const state = initialState.slice()
  for (let offset = 0; offset < padded.length; offset += blockBytes) {
    drawOut(view, offset)
    compress(state)
  }
  return state
}

/** How many zero bits a hash begins with. */
export function zeroBits(hash: Int32Array): number {
  let bits = 0
  for (const part of hash) {
    bits += Math.clz32(part)
    if (part !== 0) break
  }
  return bits
}
