import { sha256, zeroBits } from './sha256.ts'

/**
 * Finds the number that the server asks robots for: one that makes the SHA-256 of challenge and
 * number begin with so many zero bits. This module is a worker of its own, so that the page stays
 * quick.
 */
export type Puzzle = { challenge: string; difficulty: number }

const encoder = new TextEncoder()

/** The first proof of the puzzle: the challenge, a colon and a decimal number. */
export function proofOf({ challenge, difficulty }: Puzzle): string {
  for (let number = 0; ; number += 1) {
    const proof = `${challenge}:${number}`
    if (zeroBits(sha256(encoder.encode(proof))) >= difficulty) return proof
  }
}

/** Solves it beside the page. Rejects when there is no worker to be had, or when it is told to stop. */
export function solveAside(puzzle: Puzzle, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(import.meta.url, { type: 'module' })
    const stop = (): void => {
      worker.terminate()
      reject(new Error('Nobody waits for the proof any more.'))
    }
    signal.addEventListener('abort', stop, { once: true })
    worker.addEventListener('message', ({ data }: MessageEvent<string>) => {
      worker.terminate()
      resolve(data)
    })
    worker.addEventListener('error', () => reject(new Error('The worker did not start.')))
    worker.postMessage(puzzle)
  })
}

const isWorker = typeof document === 'undefined' && 'importScripts' in globalThis
if (isWorker)
  addEventListener('message', ({ data }: MessageEvent<Puzzle>) => postMessage(proofOf(data)))
