/** Each breaks something that handles text carelessly. */
export const texts: Readonly<Record<string, string>> = {
  quotes: 'He said "no" and \'yes\' and `\u0024{maybe}`',
  backslashes: 'C:\\new\\table \\u0041',
  controls: 'a\nb\tc\rd\u0000e\u001f',
  separators: 'line\u2028paragraph\u2029end',
  emoji: 'π 👩‍👩‍👧 \u{1F600}',
  markup: '</script><!-- \u0024{1 + 1} -->',
}
