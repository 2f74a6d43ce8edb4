import { hazard } from '../harness/hazard.ts'
import { texts } from './data.ts'
import * as ink from './ink.ts'
import * as paper from './paper.ts'

const all = Object.values(texts)

hazard({
  subgraphs: { paper, ink },
  guards: {
    file: 'gateway/engine/compile/index.ts',
    line: 'opening: `{"query":\u0024{JSON.stringify(document)},"variables":{`,',
    instead: 'opening: `{"query":"\u0024{document}","variables":{`,',
  },
  cases: [
    {
      name: 'keys of every kind lead to the other subgraph',
      operation: '{ sheets { title length } }',
      data: { sheets: all.map((title) => ({ title, length: title.length })) },
    },
    {
      name: 'variables of every kind arrive as they were sent',
      operation: `query ($a: String!, $lines: [Line!]!) {
        echo(text: $a) lines(lines: $lines) sheets { with(text: $a) }
      }`,
      variables: { a: all.join(''), lines: all.map((text) => ({ text })) },
      data: {
        echo: all.join(''),
        lines: all,
        sheets: all.map((title) => ({ with: `${title}${all.join('')}` })),
      },
    },
    {
      name: 'escapes in a literal',
      operation: String.raw`{
        a: echo(text: "\"quoted\" \\ \/ \b\f\n\r\t")
        b: echo(text: "\u0041\u00e9 \u{1F600} \uD83D\uDE00")
        sheets { with(text: "\u2028\"\\") }
      }`,
      data: {
        a: '"quoted" \\ / \b\f\n\r\t',
        b: 'Aé 😀 😀',
        sheets: all.map((title) => ({ with: `${title}\u2028"\\` })),
      },
    },
    {
      name: 'block strings, with their indentation, their quotes and what looks like escapes',
      operation: `{
        a: echo(text: """
          one
            two \\n

          three \\""" four "five"
        """)
        b: echo(text: """ """)
        lines(lines: [{ text: """block""" }, { text: "" }])
      }`,
      data: {
        a: 'one\n  two \\n\n\nthree """ four "five"'.replace('\n\n\n', '\n\n'),
        b: '',
        lines: ['block', ''],
      },
    },
    {
      name: 'a comment, commas and a byte order mark are nothing',
      operation: '\uFEFF# echo(text: "no")\n{,,echo(,text:"yes"#")\n),,,inks}',
      data: { echo: 'yes', inks: 1 },
    },
    {
      name: 'what looks like code is text',
      operation:
        '{ echo(text: "\u0024{process.exit(1)} `; throw 1 //") sheets { with(text: "\'+1+\'") } }',
      data: {
        echo: '\u0024{process.exit(1)} `; throw 1 //',
        sheets: all.map((title) => ({ with: `${title}'+1+'` })),
      },
    },
  ],
})
