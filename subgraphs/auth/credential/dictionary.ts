import type { MatchExtended, ZxcvbnFactory } from '@zxcvbn-ts/core'

export type Guess = {
  /** The logarithm of the number of guesses. */
  readonly bits: number
  /** Why it is not more. */
  readonly reason: 'COMMON' | 'PERSONAL' | 'GUESSABLE'
}

/**
 * Each replaced letter doubles what has to be looked at, and a hostile text would hold the event loop
 * for seconds. Measured for the worst 128 characters: 2 s with the preset of 100, 60 ms with this.
 */
const replacedLettersMax = 5

let loaded: Promise<ZxcvbnFactory> | null = null

async function load(): Promise<ZxcvbnFactory> {
  const [core, common, en, fr] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
    import('@zxcvbn-ts/language-fr'),
  ])
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...en.dictionary, ...fr.dictionary },
    graphs: common.adjacencyGraphs,
    l33tMaxSubstitutions: replacedLettersMax,
  })
}

const isNamed = (match: MatchExtended, name: string) =>
  'dictionaryName' in match && match.dictionaryName === name

function reasonOf(sequence: readonly MatchExtended[]): Guess['reason'] {
  if (sequence.some((match) => isNamed(match, 'userInputs'))) return 'PERSONAL'
  return sequence.some((match) => isNamed(match, 'passwords-common')) ? 'COMMON' : 'GUESSABLE'
}

/**
 * The judge of passwords: common ones, French and English words and names, keyboard rows, dates and
 * repetitions. Loaded once, when it is first asked for.
 */
export async function dictionary(): Promise<(text: string, known: readonly string[]) => Guess> {
  loaded ??= load()
  const judge = await loaded
  return (text, known) => {
    const { guessesLog10, sequence } = judge.check(text, [...known])
    return { bits: guessesLog10 * Math.log2(10), reason: reasonOf(sequence) }
  }
}
